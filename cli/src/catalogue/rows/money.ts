const known = new Set(Intl.supportedValuesOf('currency'));

/** The number of decimals of a currency; undefined for an unknown currency. */
export function findExponent(currency: string): number | undefined {
  if (!known.has(currency)) return undefined;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
}

/**
 * Converts a decimal amount to minor units, digit by digit: 19.99 with two decimals is 1999, never 1998.9999999999998.
 * Trailing zeros beyond the decimals of the currency are accepted.
 *
 * @returns the amount, or the reason why it is not an amount of the currency.
 */
export function toMinorUnits(decimal: string, exponent: number): number | string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal.trim()) ?? [];
  if (whole === '') return `"${decimal}" is not a decimal number such as 19.99`;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > exponent) return `"${decimal}" has more decimals than the currency, which has ${exponent}`;
  const minor = Number(`${sign}${whole}${significant.padEnd(exponent, '0')}`);
  return Number.isSafeInteger(minor) ? minor : `"${decimal}" is too large`;
}
