import * as currencies from 'dinero.js/currencies';

/**
 * The decimals of each currency of ISO 4217. The package gives one for the ouguiya and the ariary, whose unit has five parts; the
 * standard writes both with two decimals.
 */
const exponents: ReadonlyMap<string, number> = new Map(
  Object.values(currencies).map(({ code, base, exponent }) => [code, base === 10 ? exponent : 2]),
);

/** The number of decimals of a currency, by its ISO 4217 code; undefined for an unknown code. */
export function findCurrencyExponent(code: string): number | undefined {
  return exponents.get(code);
}
