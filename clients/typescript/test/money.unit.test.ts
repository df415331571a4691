import { formatMoney } from '@shop/client';

test.each([
  [1999, 'USD', 'en-US', '$19.99'],
  [5, 'USD', 'en-US', '$0.05'],
  [-5, 'USD', 'en-US', '-$0.05'],
  [0, 'EUR', 'de-DE', '0,00\u00a0€'],
  [1500, 'JPY', 'en-US', '¥1,500'],
  [150_000, 'HUF', 'en-US', 'HUF\u00a01,500.00'],
  [1250, 'IQD', 'en-US', 'IQD\u00a01.250'],
  [1, 'KWD', 'en-US', 'KWD\u00a00.001'],
  [9_007_199_254_740_991, 'USD', 'en-US', '$90,071,992,547,409.91'],
])('%i of %s reads in %s as %s', (amount, currencyCode, locale, text) => {
  expect(formatMoney({ amount, currencyCode }, locale)).toBe(text);
});
