/** How a file writes amounts: in minor units, or as a decimal number with a point or a comma. */
export type AmountStyle = 'minor' | 'decimal' | 'decimal-comma';

const POINT = /^(-?)(\d+)(?:\.(\d+))?$/;
/** Groups of three digits may have a point, a space or an apostrophe between them. */
const COMMA = /^(-?)(\d+|\d{1,3}(?:[.\u0020\u00a0\u202f'’]\d{3})+)(?:,(\d+))?$/;

/**
 * Converts a decimal amount to minor units, digit by digit: 19.99 with two decimals is 1999, never 1998.9999999999998.
 * Trailing zeros beyond the decimals of the currency are accepted.
 *
 * @returns the amount, or the reason why it is not an amount of the currency.
 */
export function toMinorUnits(decimal: string, exponent: number, style: Exclude<AmountStyle, 'minor'>): number | string {
  const [pattern, example] = style === 'decimal' ? [POINT, '19.99'] : [COMMA, '19,99'];
  const [, sign = '', whole = '', fraction = ''] = pattern.exec(decimal.trim()) ?? [];
  if (whole === '') return `"${decimal}" is not a decimal number such as ${example}${findOtherStyle(decimal, style)}`;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > exponent) return `"${decimal}" has more decimals than the currency, which has ${exponent}`;
  const minor = Number(`${sign}${whole.replace(/\D/g, '')}${significant.padEnd(exponent, '0')}`);
  return Number.isSafeInteger(minor) ? minor : `"${decimal}" is too large`;
}

function findOtherStyle(decimal: string, style: AmountStyle): string {
  const [pattern, other] = style === 'decimal' ? [COMMA, 'decimal-comma'] : ([POINT, 'decimal'] as const);
  return pattern.test(decimal.trim()) ? `; --map price.amount=SOURCE:${other} reads it` : '';
}
