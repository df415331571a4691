import { findCurrencyExponent } from './currencies.ts';

test.each([
  ['USD', 2],
  ['EUR', 2],
  ['JPY', 0],
  ['KRW', 0],
  ['ISK', 0],
  ['UGX', 0],
  // The runtime's Intl says 0 for these four.
  ['HUF', 2],
  ['IDR', 2],
  ['TWD', 2],
  ['LBP', 2],
  // And 0 for these.
  ['IQD', 3],
  ['KWD', 3],
  ['TND', 3],
  ['CLF', 4],
  ['UYW', 4],
  ['MRU', 2],
  ['MGA', 2],
  ['XCG', 2],
  ['DEM', undefined],
  ['XXX', undefined],
  ['usd', undefined],
  ['', undefined],
])('%j has %p decimals', (code, exponent) => {
  expect(findCurrencyExponent(code)).toBe(exponent);
});
