/** An amount in the smallest unit of its currency, as the API has it: 1999 and USD are 19.99 dollars. */
export interface MoneyValue {
  /** A whole number. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currencyCode: string;
}

/** Currencies of ISO 4217 that have not two decimals. Runtimes differ from the standard, for example for IQD. */
const decimals: Readonly<Record<string, number>> = {
  ...countEach('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF', 0),
  ...countEach('BHD IQD JOD KWD LYD OMR TND', 3),
  ...countEach('CLF UYW', 4),
};

function countEach(codes: string, count: number): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, count]));
}

/**
 * Writes an amount for people, such as `$19.99`.
 *
 * @param locale a BCP 47 tag such as `de-DE`. Default: the runtime's.
 */
export function formatMoney({ amount, currencyCode }: MoneyValue, locale?: string): string {
  const digits = decimals[currencyCode] ?? 2;
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const cut = text.length - digits;
  // As text, since a division would round large amounts.
  const decimal = `${amount < 0 ? '-' : ''}${text.slice(0, cut)}${digits === 0 ? '' : `.${text.slice(cut)}`}`;
  // `format` takes decimal texts since ES2023, which the types of older libraries do not know.
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currencyCode,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(decimal as unknown as number);
}
