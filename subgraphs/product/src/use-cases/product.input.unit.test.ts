import fc from 'fast-check';
import { createProductInput, updateProductInput } from './product.input.ts';

const product = {
  sku: 'A',
  name: 'A',
  description: '',
  price: { amount: 1, currencyCode: 'USD' },
  initialStock: 0,
};
const readImageUrl = (imageUrl: unknown) => {
  const created = createProductInput.safeParse({ ...product, imageUrl });
  const updated = updateProductInput.safeParse({ id: 'x', imageUrl });
  expect(updated.data?.imageUrl).toBe(created.data?.imageUrl);
  return created.success ? created.data.imageUrl : created.error.issues.map(({ path }) => path.join('.'));
};

test.each([
  ['https://example.com/a.png', 'https://example.com/a.png'],
  ['  https://example.com/a.png\n', 'https://example.com/a.png'],
  ['HTTP://example.com', 'HTTP://example.com'],
  ['https://example.com/%20?q=ä', 'https://example.com/%20?q=ä'],
  [null, null],
])('the URL of an image %j is kept as %j', (url, kept) => {
  expect(readImageUrl(url)).toBe(kept);
});

test.each([
  '',
  ' ',
  'https://example.com/a b.png',
  'https://exam\tple.com/',
  'https://example.com/\u00a0b',
  'https://example.com/\u0007',
  'https://exa mple.com/',
  'https://example.com/a\0',
  'https://example.com/\ud800',
  'ftp://example.com/',
  'javascript:alert(1)',
  `https://example.com/${'x'.repeat(2_000)}`,
  7,
])('the URL of an image %j is invalid input', (url) => {
  expect(readImageUrl(url)).toEqual(['imageUrl']);
});

test('no input makes the schemas throw', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(' ', '\t', '\u00a0', 'h', 't', 'p', 's', ':', '/', '.', '@', '\ud800', '\0', '%', '1'),
    }),
    fc.anything(),
  );
  fc.assert(
    fc.property(
      fc.record(
        {
          id: hostile,
          expectedVersion: hostile,
          sku: hostile,
          name: hostile,
          description: hostile,
          price: fc.oneof(hostile, fc.record({ amount: hostile, currencyCode: hostile })),
          category: hostile,
          imageUrl: fc.oneof(
            hostile,
            fc.string({ unit: 'binary' }).map((text) => `https://${text}`),
          ),
          initialStock: hostile,
          onSale: hostile,
        },
        { requiredKeys: [] },
      ),
      (input) => {
        createProductInput.safeParse(input);
        updateProductInput.safeParse(input);
      },
    ),
    { numRuns: 2_000 },
  );
});
