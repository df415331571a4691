import { parseMapping } from './mapping.ts';
import { findExponent, toMinorUnits } from './money.ts';
import { readProduct } from './product-row.ts';
import { makeSlug } from './slug.ts';

test.each([
  ['19.99', 'USD', 1999],
  ['0.29', 'USD', 29], // 0.29 * 100 is 28.999999999999996
  ['1.1', 'USD', 110],
  ['7', 'USD', 700],
  ['19.990', 'USD', 1999],
  ['1200', 'JPY', 1200],
  ['1.234', 'KWD', 1234],
  ['-1', 'USD', -100], // the API says that it must be above zero
])('%s %s is %d', (decimal, currency, minor) => {
  expect(toMinorUnits(decimal, findExponent(currency)!)).toBe(minor);
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
  expect(toMinorUnits(decimal, findExponent(currency)!)).toContain(reason);
});

test('an unknown currency has no exponent', () =>
  expect([findExponent('XYZ'), findExponent('usd'), findExponent('')]).toEqual([undefined, undefined, undefined]));

test.each([
  ['Home & Décor', 'home-decor'],
  ['beauty', 'beauty'],
  ['  Kitchen / Knives! ', 'kitchen-knives'],
  ['???', ''],
])('the slug of %s is %s', (name, slug) => expect(makeSlug(name)).toBe(slug));

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
      sku: null,
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
      sku: 'A',
      issues: [expect.stringContaining('--currency')],
    });
    expect(readProduct({ sku: 'A', price: 1 }, mapped, 'XYZ')).toEqual({
      sku: 'A',
      issues: [expect.stringContaining('not an ISO 4217 code')],
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
])('rejects --map %s', (assignment, reason) => {
  expect(() => parseMapping([assignment])).toThrow(reason);
});
