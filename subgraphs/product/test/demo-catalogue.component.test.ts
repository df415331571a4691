import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Demo {
  readonly categories: readonly { readonly slug: string; readonly parent: string | null }[];
  readonly products: readonly { readonly sku: string; readonly name: string; readonly category: string }[];
}
const read = (file: string) => JSON.parse(readFileSync(`prisma/product/seed/${file}`, 'utf8')) as unknown;

test('the committed demo catalogue matches its generator', () => {
  const { status, stderr } = spawnSync(process.execPath, ['prisma/product/seed/generate.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the catalogue has the handpicked products unchanged, no two alike, each in a category', () => {
  const { categories, products } = read('catalogue.json') as Demo;
  expect(products).toEqual(expect.arrayContaining(read('handpicked.json') as object[]));
  expect(products.length).toBeGreaterThan(300);
  expect(new Set(products.map(({ sku }) => sku)).size).toBe(products.length);
  expect(new Set(products.map(({ name }) => name.toLowerCase())).size).toBe(products.length);
  const slugs = categories.map(({ slug }) => slug);
  expect(products.filter(({ category }) => !slugs.includes(category))).toEqual([]);
  // A parent comes before its children, since they are created in this order.
  expect(categories.filter(({ parent }, index) => parent !== null && !slugs.slice(0, index).includes(parent))).toEqual(
    [],
  );
});
