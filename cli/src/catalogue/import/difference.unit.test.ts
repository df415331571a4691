import { findDifference } from './difference.ts';

const product = {
  id: 'p',
  sku: 'A',
  name: 'Lamp',
  description: 'Bright',
  price: { amount: 100, currencyCode: 'USD' },
  category: { slug: 'lights' },
  imageUrl: 'https://example.com/a.png',
  onSale: true,
  version: 1,
} as Parameters<typeof findDifference>[0];
const same = {
  sku: 'A',
  name: 'Lamp',
  description: 'Bright',
  price: { amount: 100, currencyCode: 'USD' },
  category: { slug: 'lights', name: 'Lights' },
  imageUrl: 'https://example.com/a.png',
  onSale: true,
  initialStock: 7,
};

test('a row that is equal, or that has no fields, has no difference', () => {
  expect(findDifference(product, same)).toBeNull();
  expect(findDifference(product, { sku: 'A' })).toBeNull();
});

test.each([
  ['name', { name: 'Lantern' }, { name: 'Lantern' }],
  ['description', { description: '' }, { description: '' }],
  ['amount', { price: { amount: 99, currencyCode: 'USD' } }, { price: { amount: 99, currencyCode: 'USD' } }],
  ['currency', { price: { amount: 100, currencyCode: 'EUR' } }, { price: { amount: 100, currencyCode: 'EUR' } }],
  ['category', { category: { slug: 'garden', name: 'Garden' } }, { category: 'garden' }],
  ['category, which the row removes', { category: null }, { category: null }],
  ['image', { imageUrl: 'https://example.com/b.png' }, { imageUrl: 'https://example.com/b.png' }],
  ['image, which the row removes', { imageUrl: null }, { imageUrl: null }],
  ['sale', { onSale: false }, { onSale: false }],
])('a row with another %s changes only that', (_what, values, change) => {
  expect(findDifference(product, { ...same, ...values })).toEqual(change);
  expect(findDifference(product, { sku: 'A', ...values })).toEqual(change);
});

test('a row without category and image equals a product without them', () => {
  const bare = { ...product, category: null, imageUrl: null };
  expect(findDifference(bare, { sku: 'A', category: null, imageUrl: null })).toBeNull();
});
