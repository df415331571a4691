import { uuidv7 } from '@shop/subgraph';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { openDatabase, type Database } from '../db/database.ts';
import type { Category } from '../domain/category.ts';
import type { Product } from '../domain/product.ts';
import { browseProducts } from './browse-products.ts';
import { createCategory } from './create-category.ts';
import { createProduct } from './create-product.ts';
import { deleteCategory } from './delete-category.ts';
import { deleteProduct } from './delete-product.ts';
import { moveCategory } from './move-category.ts';
import { updateCategory } from './update-category.ts';
import { updateProduct } from './update-product.ts';

let server: TestDatabase;
let database: Database;
const deps = () => ({ database, now: () => new Date() });

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

async function newCategory(parent?: Category): Promise<Category> {
  const outcome = await createCategory(deps(), { slug: uuidv7(), name: 'A category', parent: parent?.slug });
  if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.category;
}
const inputOf = (category: Category) => ({
  sku: uuidv7(),
  name: 'A product',
  description: '',
  price: { amount: 100, currencyCode: 'USD' },
  category: category.slug,
  initialStock: 0,
});
async function newProduct(category: Category): Promise<Product> {
  const outcome = await createProduct(deps(), inputOf(category), null);
  if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.product;
}
/** The ids of the products on sale in a category and those below it, and their number. */
async function list(slug: string): Promise<[ids: string[], count: number]> {
  const page = await browseProducts(deps(), { filter: { category: slug }, first: 100 }, false);
  expect(await page.cappedCount()).toEqual({ count: await page.totalCount(), isCapped: false });
  return [page.nodes.map(({ id }) => id).sort(), await page.totalCount()];
}
const readCategory = (id: string) => database.client.category.findUnique({ where: { id } });
const eventsOf = async ({ id }: Product | Category) =>
  (await database.client.outbox.findMany({ where: { aggregateId: id }, orderBy: { sequence: 'asc' } })).map(
    ({ type }) => type,
  );

describe('changing a category', () => {
  test('changes name and slug, and its products are listed by the new slug at once', async () => {
    const category = await newCategory();
    const product = await newProduct(category);
    const slug = uuidv7();
    const changed = { ...category, slug, name: 'Crème', version: 2 };
    const input = { id: category.id, slug, name: ' Cre\u0300me ', expectedVersion: 1 };
    expect(await updateCategory(deps(), input)).toEqual({ kind: 'updated', category: changed });
    expect(await readCategory(category.id)).toEqual(changed);
    expect(await list(slug)).toEqual([[product.id], 1]);
    expect(await list(category.slug)).toEqual([[], 0]);
    expect(await updateCategory(deps(), input)).toEqual({ kind: 'version-conflict', currentVersion: 2 });
    expect(await updateCategory(deps(), { id: category.id, slug })).toEqual({ kind: 'updated', category: changed });
  });

  test('rejects a used slug, invalid input, and a category that does not exist', async () => {
    const [one, other] = [await newCategory(), await newCategory()];
    expect(await updateCategory(deps(), { id: one.id, slug: other.slug })).toEqual({
      kind: 'slug-taken',
      slug: other.slug,
    });
    expect(await updateCategory(deps(), { id: one.id, slug: 'No slug', name: ' ' })).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'slug' }, { path: 'name' }],
    });
    for (const id of [uuidv7(), 'nonsense'])
      expect(await updateCategory(deps(), { id, name: 'x' })).toEqual({ kind: 'not-found', id });
    expect(await readCategory(one.id)).toEqual(one);
  });
});

describe('moving a category', () => {
  test('moves all below it and their products, down and to the top', async () => {
    const [a, b] = [await newCategory(), await newCategory()];
    const child = await newCategory(b);
    const product = await newProduct(child);
    expect(await moveCategory(deps(), { id: b.id, parent: a.slug, expectedVersion: 1 })).toEqual({
      kind: 'moved',
      category: { ...b, parentId: a.id, version: 2 },
    });
    expect(await list(a.slug)).toEqual([[product.id], 1]);
    expect(await moveCategory(deps(), { id: b.id, parent: a.slug })).toMatchObject({ category: { version: 2 } });
    expect(await moveCategory(deps(), { id: child.id, parent: null })).toMatchObject({ kind: 'moved' });
    expect(await list(a.slug)).toEqual([[], 0]);
    expect(await list(child.slug)).toEqual([[product.id], 1]);
    expect(await moveCategory(deps(), { id: b.id, expectedVersion: 1 })).toEqual({
      kind: 'version-conflict',
      currentVersion: 2,
    });
  });

  test('rejects itself and every category below it as parent, and what does not exist', async () => {
    const top = await newCategory();
    const middle = await newCategory(top);
    const leaf = await newCategory(middle);
    for (const parent of [top, middle, leaf])
      expect(await moveCategory(deps(), { id: top.id, parent: parent.slug })).toMatchObject({
        kind: 'invalid-input',
        issues: [{ path: 'parent' }],
      });
    expect(await moveCategory(deps(), { id: top.id, parent: 'nowhere' })).toEqual({
      kind: 'parent-not-found',
      slug: 'nowhere',
    });
    for (const id of [uuidv7(), 'nonsense'])
      expect(await moveCategory(deps(), { id })).toEqual({ kind: 'not-found', id });
    expect(await readCategory(top.id)).toEqual(top);
  });

  test('moves at the same time form no cycle', async () => {
    for (let round = 0; round < 10; round += 1) {
      const ring = await Promise.all([newCategory(), newCategory(), newCategory(), newCategory()]);
      const outcomes = await Promise.all(
        ring.map(({ id }, index) => moveCategory(deps(), { id, parent: ring[(index + 1) % ring.length]?.slug })),
      );
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['invalid-input', 'moved', 'moved', 'moved']);
    }
  });
});

describe('deleting a category', () => {
  test('deletes an empty one, once', async () => {
    const category = await newCategory(await newCategory());
    expect(await deleteCategory(deps(), { id: category.id, expectedVersion: 2 })).toEqual({
      kind: 'version-conflict',
      currentVersion: 1,
    });
    expect(await deleteCategory(deps(), { id: category.id, expectedVersion: 1 })).toEqual({
      kind: 'deleted',
      category,
      movedProducts: 0,
    });
    expect(await readCategory(category.id)).toBeNull();
    expect(await deleteCategory(deps(), { id: category.id })).toEqual({ kind: 'not-found', id: category.id });
  });

  test('moves all products to another category, each with its event, also those off sale', async () => {
    const [from, to] = [await newCategory(), await newCategory()];
    const products: Product[] = [];
    for (let at = 0; at < 205; at += 1) products.push(await newProduct(from));
    const [first, second] = products as [Product, Product];
    await deleteProduct(deps(), second.id);
    expect(await deleteCategory(deps(), { id: from.id })).toEqual({ kind: 'not-empty', products: 205, children: 0 });
    expect(await deleteCategory(deps(), { id: from.id, moveProductsTo: to.slug })).toEqual({
      kind: 'deleted',
      category: from,
      movedProducts: 205,
    });
    expect((await list(to.slug))[1]).toBe(204);
    expect(await database.client.product.findMany({ where: { categoryId: to.id, version: 2 } })).toHaveLength(204);
    expect(await database.client.product.findUnique({ where: { id: second.id } })).toMatchObject({
      categoryId: to.id,
      version: 3,
    });
    expect((await eventsOf(first)).filter((type) => type === 'shop.product.updated.v1')).toHaveLength(1);
  });

  test('rejects one with children, itself or an unknown category as target', async () => {
    const parent = await newCategory();
    const child = await newCategory(parent);
    const product = await newProduct(parent);
    const id = parent.id;
    expect(await deleteCategory(deps(), { id, moveProductsTo: child.slug })).toEqual({
      kind: 'not-empty',
      products: 1,
      children: 1,
    });
    expect(await deleteCategory(deps(), { id, moveProductsTo: parent.slug })).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'moveProductsTo' }],
    });
    expect(await deleteCategory(deps(), { id, moveProductsTo: 'nowhere' })).toEqual({
      kind: 'target-not-found',
      slug: 'nowhere',
    });
    expect(await list(parent.slug)).toEqual([[product.id], 1]);
  });

  test('while others put products, children and itself elsewhere loses none of them', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [doomed, other, mover] = [await newCategory(), await newCategory(), await newCategory()];
      const loose = await newProduct(other);
      const [deleted, created, updated, child, moved] = await Promise.all([
        deleteCategory(deps(), { id: doomed.id, moveProductsTo: other.slug }),
        createProduct(deps(), inputOf(doomed), null),
        updateProduct(deps(), { id: loose.id, category: doomed.slug }),
        createCategory(deps(), { slug: uuidv7(), name: 'Child', parent: doomed.slug }),
        moveCategory(deps(), { id: mover.id, parent: doomed.slug }),
      ]);
      expect(['created', 'category-not-found']).toContain(created.kind);
      expect(['updated', 'category-not-found']).toContain(updated.kind);
      expect(['created', 'parent-not-found']).toContain(child.kind);
      expect(['moved', 'parent-not-found']).toContain(moved.kind);
      const hasChildren = child.kind === 'created' || moved.kind === 'moved';
      expect(deleted.kind).toBe(hasChildren ? 'not-empty' : 'deleted');
      const [found] = await list(other.slug);
      const expected = created.kind === 'created' ? [loose.id, created.product.id] : [loose.id];
      if (deleted.kind === 'deleted') expect(found).toEqual(expected.sort());
    }
  });
});

test('each change of a category is published, and a change of nothing is not', async () => {
  const [parent, category] = [await newCategory(), await newCategory()];
  await updateCategory(deps(), { id: category.id, name: 'Another name' });
  await updateCategory(deps(), { id: category.id, name: 'Another name' });
  await moveCategory(deps(), { id: category.id, parent: parent.slug });
  await moveCategory(deps(), { id: category.id, parent: parent.slug });
  await deleteCategory(deps(), { id: category.id });
  expect(await eventsOf(category)).toEqual([
    'shop.category.created.v1',
    'shop.category.updated.v1',
    'shop.category.updated.v1',
    'shop.category.deleted.v1',
  ]);
  expect(await createCategory(deps(), { slug: parent.slug, name: 'Taken' })).toMatchObject({ kind: 'slug-taken' });
  expect(await eventsOf(parent)).toEqual(['shop.category.created.v1']);
});
