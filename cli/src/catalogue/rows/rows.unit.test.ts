import { findCurrencyExponent } from '@shop/contracts';
import { parseMapping } from './mapping.ts';
import { toMinorUnits } from './money.ts';
import { readProduct } from './product-row.ts';
import { makeSlug } from './slug.ts';

test.each([
  ['19.99', 'USD', 1999],
  ['0.29', 'USD', 29], // 0.29 * 100 is 28.999999999999996
  ['1.1', 'USD', 110],
  ['7', 'USD', 700],
  ['19.990', 'USD', 1999],
  ['1200', 'JPY', 1200],
  ['1500', 'HUF', 150000],
  ['1500.50', 'HUF', 150050],
  ['1.250', 'IQD', 1250],
  ['1.234', 'KWD', 1234],
  ['-1', 'USD', -100], // the API says that it must be above zero
])('%s %s is %d', (decimal, currency, minor) => {
  expect(toMinorUnits(decimal, findCurrencyExponent(currency)!, 'decimal')).toBe(minor);
});

test.each([
  ['19.999', 'USD', 'more decimals'],
  ['0.5', 'JPY', 'more decimals'],
  ['1.2345', 'KWD', 'more decimals'],
  ['1,99', 'USD', 'not a decimal number'],
  ['1e3', 'USD', 'not a decimal number'],
  ['', 'USD', 'not a decimal number'],
  ['99999999999999999', 'USD', 'too large'],
])('%s %s is rejected', (decimal, currency, reason) => {
  expect(toMinorUnits(decimal, findCurrencyExponent(currency)!, 'decimal')).toContain(reason);
});

test.each([
  ['19,99', 'EUR', 1999],
  ['1.234,50', 'EUR', 123450],
  ['1 234 567,5', 'EUR', 123456750],
  ['1\u202f234', 'EUR', 123400],
  ["1'234,5", 'CHF', 123450],
  ['1500', 'HUF', 150000],
  ['1500,50', 'HUF', 150050],
  ['1,250', 'IQD', 1250],
])('%s %s with a decimal comma is %d', (decimal, currency, minor) => {
  expect(toMinorUnits(decimal, findCurrencyExponent(currency)!, 'decimal-comma')).toBe(minor);
});

test.each([
  ['19.99', 'decimal-comma', ':decimal reads it'],
  ['1,99', 'decimal', ':decimal-comma reads it'],
  ['1.23,4', 'decimal-comma', 'is not a decimal number such as 19,99'],
  ['1,234.50', 'decimal', 'is not a decimal number such as 19.99'],
] as const)('%s as %s is rejected: %s', (decimal, style, reason) => {
  expect(toMinorUnits(decimal, 2, style)).toContain(reason);
});

test.each([
  ['Home & Décor', 'home-decor'],
  ['beauty', 'beauty'],
  ['  Kitchen / Knives! ', 'kitchen-knives'],
  ["Women's (new) – 2,5 l", 'women-s-new-2-5-l'],
  ['???', ''],
])('the slug of %s is %s', (name, slug) => expect(makeSlug(name)).toBe(slug));

test('names that differ in other characters than Latin letters and digits have slugs of their own', () => {
  const names = [
    'C',
    'C++',
    'C#',
    '茶叶',
    '茶',
    'Чай',
    'Чай 2',
    'شاي',
    'Tea ☕',
    `${'x'.repeat(80)}茶`,
    `${'x'.repeat(80)}叶`,
  ];
  const slugs = names.map(makeSlug);
  expect(new Set(slugs).size).toBe(names.length);
  for (const slug of slugs) {
    expect(slug).toMatch(/^[a-z0-9-]{1,64}$/);
    expect(makeSlug(slug)).toBe(slug);
  }
  expect(slugs.slice(0, 4)).toEqual([
    'c',
    expect.stringMatching(/^c-/),
    expect.stringMatching(/^c-/),
    expect.stringMatching(/^category-/),
  ]);
  expect(makeSlug('Cafe\u0301 茶')).toBe(makeSlug('Café 茶'));
});

describe('a row', () => {
  const plain = parseMapping([]);
  const mapped = parseMapping(['name=title', 'imageUrl=thumbnail', 'price.amount=price:decimal', 'initialStock=stock']);

  test('is mapped, with the currency of the command line', () => {
    const row = {
      sku: 'A',
      title: ' Mug ',
      price: 9.99,
      stock: 5,
      thumbnail: 'http://x/y',
      category: 'Home Decor',
      tags: ['x'],
    };
    expect(readProduct(row, mapped, 'USD')).toEqual({
      product: {
        sku: 'A',
        name: 'Mug',
        price: { amount: 999, currencyCode: 'USD' },
        category: { slug: 'home-decor', name: 'Home Decor' },
        imageUrl: 'http://x/y',
        initialStock: 5,
      },
    });
  });

  test('reads the text of CSV cells, and clears optional fields for empty cells', () => {
    const row = {
      sku: 'A',
      name: 'Mug',
      description: '',
      'price.amount': '999',
      'price.currencyCode': 'EUR',
      category: '',
      imageUrl: '',
      onSale: 'false',
      initialStock: '',
    };
    expect(readProduct(row, plain)).toEqual({
      product: {
        sku: 'A',
        name: 'Mug',
        description: '',
        price: { amount: 999, currencyCode: 'EUR' },
        category: null,
        imageUrl: null,
        onSale: false,
      },
    });
  });

  test('reports all issues at once', () => {
    const row = {
      name: {},
      price: { amount: 1.5, currencyCode: 'USD' },
      initialStock: 'many',
      onSale: 'yes',
      category: '!',
    };
    expect(readProduct(row, plain)).toEqual({
      product: expect.objectContaining({ sku: '' }),
      issues: [
        'sku: is missing',
        'name: is not text',
        expect.stringMatching(/^price\.amount: is not a whole number of minor units/),
        'onSale: is neither true nor false',
        'initialStock: is not a whole number',
        'category: has neither letters nor digits',
      ],
    });
    expect(readProduct({ sku: 'A', price: 1 }, mapped)).toEqual({
      product: { sku: 'A' },
      issues: [expect.stringContaining('--currency')],
    });
    expect(readProduct({ sku: 'A', price: 1 }, mapped, 'XYZ')).toEqual({
      product: { sku: 'A' },
      issues: [expect.stringContaining('not an ISO 4217 code')],
    });
  });

  test('finds columns in other case, and prefers the exact name', () => {
    const row = { SKU: 'A', Name: 'Mug', 'PRICE.Amount': '999', 'Price.CurrencyCode': 'EUR', onsale: 'TRUE' };
    expect(readProduct(row, plain)).toEqual({
      product: { sku: 'A', name: 'Mug', price: { amount: 999, currencyCode: 'EUR' }, onSale: true },
    });
    expect(readProduct({ sku: 'A', Sku: 'B' }, plain)).toEqual({ product: { sku: 'A' } });
  });

  test('has its texts in the form in which the API keeps them', () => {
    expect(readProduct({ sku: 'A', name: 'Cre\u0300me', description: 'e\u0301' }, plain)).toEqual({
      product: { sku: 'A', name: 'Crème', description: 'é' },
    });
  });

  test('does not read values of its prototype', () => {
    expect(readProduct({ sku: 'A' }, parseMapping(['name=constructor.name', 'category=toString']))).toEqual({
      product: { sku: 'A' },
    });
  });
});

test.each([
  ['name', 'is not TARGET=SOURCE'],
  ['price=x', 'is not TARGET=SOURCE'],
  ['=x', 'is not TARGET=SOURCE'],
  ['name=', 'names no source'],
  ['name=x:decimal', 'only price.amount'],
  ['name=x:decimal-comma', 'only price.amount'],
])('rejects --map %s', (assignment, reason) => {
  expect(() => parseMapping([assignment])).toThrow(reason);
});
