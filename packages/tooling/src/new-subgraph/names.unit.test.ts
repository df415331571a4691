import { deriveNames } from './names.ts';

test.each([
  ['review', { names: 'reviews', typeName: 'Review', typeNames: 'Reviews', upperName: 'REVIEW', article: 'a' }],
  ['category', { names: 'categories', article: 'a' }],
  ['box', { names: 'boxes' }],
  ['day', { names: 'days' }],
  ['invoice', { names: 'invoices', article: 'an' }],
])('%s has its forms', (name, forms) => {
  expect(deriveNames(name)).toMatchObject({ name, ...forms });
});

test('an irregular plural can be given', () => {
  expect(deriveNames('person', 'people').names).toBe('people');
});

test.each(['', 'r', 'Review', 'product-review', '1st', 'review '])('rejects %j and describes a valid name', (name) => {
  expect(() => deriveNames(name, 'others')).toThrow(/cannot name a subgraph\. Use 2 to 30 lower-case letters/);
});

test.each(['class', 'gateway', 'query'])('rejects the reserved word %s', (name) => {
  expect(() => deriveNames(name)).toThrow(/is a reserved word/);
});

test('rejects a plural that equals the name', () => {
  expect(() => deriveNames('stock', 'stock')).toThrow(/Give another one with --plural/);
});
