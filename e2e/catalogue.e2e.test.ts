import { randomUUID } from 'node:crypto';
import {
  CreateCategory,
  CreateProduct,
  DeleteCategory,
  DeleteProduct,
  LowStock,
  MoveCategory,
  ProductPage,
  UpdateCategory,
  UpdateProduct,
  type CreateProductInput,
  type UpdateProductInput,
} from '@shop/client';
import { eventually } from '@shop/testing';
import { openSharedShop, placeOrder, requireMember, sendOrder, untilStatus, type SharedShop } from './shop.ts';

let shop: SharedShop;
beforeAll(async () => {
  shop = await openSharedShop();
});

const createCategory = async (slug: string, parent?: string) =>
  (await shop.admin.request(CreateCategory, { input: { slug, name: slug, parent } })).createCategory;
const createProduct = async (input: CreateProductInput) =>
  (await shop.admin.request(CreateProduct, { input })).createProduct;
const update = async (input: UpdateProductInput) => (await shop.admin.request(UpdateProduct, { input })).updateProduct;

test('orders follow a new price, and a product that goes off sale and back on sale', async () => {
  const customer = await shop.newCustomer();
  const id = await shop.newProduct({ price: { amount: 100, currencyCode: 'USD' } });
  const { order } = await placeOrder(customer, [[id, 1]]);
  await untilStatus(customer, order.id, 'RESERVED');

  expect(await update({ id, expectedVersion: 1, price: { amount: 150, currencyCode: 'USD' } })).toMatchObject({
    product: { version: 2, price: { amount: 150 } },
  });
  await eventually(async () => {
    expect(await placeOrder(customer, [[id, 1]])).toMatchObject({ order: { total: { amount: 150 } } });
  });
  expect(await update({ id, expectedVersion: 1, name: 'Late' })).toMatchObject({ __typename: 'VersionConflict' });

  const { deleteProduct } = await shop.admin.request(DeleteProduct, { input: { id } });
  expect(deleteProduct).toMatchObject({ product: { onSale: false } });
  await eventually(async () => {
    expect(await sendOrder(customer, [[id, 1]])).toMatchObject({ __typename: 'ProductUnavailable' });
  });
  expect((await shop.anonymous.request(ProductPage, { id })).product).toBeNull();
  const lines = await customer.request<{ order: { items: object[] } }>(
    'query ($id: ID!) { order(id: $id) { items { name product { id onSale } } } }',
    { id: order.id },
  );
  expect(lines.order.items).toEqual([{ name: 'A product', product: { id, onSale: false } }]);

  expect(await update({ id, onSale: true })).toMatchObject({ product: { onSale: true, version: 4 } });
  await eventually(async () => {
    expect(await sendOrder(customer, [[id, 1]])).toMatchObject({ __typename: 'PlaceOrderSuccess' });
  });
});

test('staff rename, move and delete categories, and products follow', async () => {
  const [top, below, renamed] = [randomUUID(), randomUUID(), randomUUID()];
  const { id: topId } = requireMember(await createCategory(top), 'CreateCategorySuccess').category;
  const { id } = requireMember(await createCategory(below), 'CreateCategorySuccess').category;
  const product = await shop.newProduct({ category: below });
  const countIn = async (slug: string) =>
    (
      await shop.anonymous.request<{ products: { totalCount: number } }>(
        'query ($slug: String!) { products(first: 1, filter: { category: $slug }) { totalCount } }',
        { slug },
      )
    ).products.totalCount;

  const update = { id, slug: renamed, expectedVersion: 1 };
  expect((await shop.admin.request(UpdateCategory, { input: update })).updateCategory).toMatchObject({
    category: { slug: renamed, version: 2 },
  });
  expect((await shop.admin.request(UpdateCategory, { input: update })).updateCategory).toMatchObject({
    __typename: 'VersionConflict',
    currentVersion: 2,
  });
  expect((await shop.admin.request(MoveCategory, { input: { id, parent: top } })).moveCategory).toMatchObject({
    category: { parent: { slug: top }, version: 3 },
  });
  expect([await countIn(top), await countIn(renamed), await countIn(below)]).toEqual([1, 1, 0]);
  expect(
    (await shop.admin.request(MoveCategory, { input: { id: topId, parent: renamed } })).moveCategory,
  ).toMatchObject({
    __typename: 'InvalidInput',
  });
  expect((await shop.admin.request(DeleteCategory, { input: { id } })).deleteCategory).toMatchObject({
    __typename: 'CategoryNotEmpty',
    products: 1,
  });
  const { deleteCategory } = await shop.admin.request(DeleteCategory, { input: { id, moveProductsTo: top } });
  expect(deleteCategory).toMatchObject({ movedProducts: 1, category: { slug: renamed, parent: { slug: top } } });
  const found = await shop.anonymous.request<{ product: object }>(
    'query ($id: ID!) { product(id: $id) { version category { slug children { slug } } } }',
    { id: product },
  );
  expect(found.product).toEqual({ version: 2, category: { slug: top, children: [] } });
});

test('customers browse categories, search products and check availability', async () => {
  const [top, below] = [randomUUID(), randomUUID()];
  await createCategory(top);
  expect(await createCategory(below, top)).toMatchObject({ category: { slug: below } });
  expect(await createCategory(below)).toMatchObject({ __typename: 'SlugTaken' });
  const id = await shop.newProduct({ name: 'Aurora smartphones', category: below, initialStock: 2 });

  const { category, categories, found, availability } = await shop.anonymous.request<{
    category: object;
    categories: object[];
    found: object;
    availability: object[];
  }>(
    `query ($slug: String!, $items: [AvailabilityInput!]!) {
      category(slug: $slug) {
        parent { slug } children { slug parent { slug } }
        products(first: 5) { totalCount nodes { id category { slug parent { slug } } } }
      }
      categories { slug }
      found: products(first: 3, filter: { search: "smartfone", category: $slug }) { nodes { id } totalCount }
      availability(items: $items) { ok available product { id } }
    }`,
    { slug: top, items: [{ productId: id, quantity: 3 }] },
  );
  expect(category).toEqual({
    parent: null,
    children: [{ slug: below, parent: { slug: top } }],
    products: { totalCount: 1, nodes: [{ id, category: { slug: below, parent: { slug: top } } }] },
  });
  expect(categories).toEqual(expect.arrayContaining([{ slug: top }, { slug: below }]));
  expect(found).toEqual({ nodes: [{ id }], totalCount: 1 });
  expect(availability).toEqual([{ ok: false, available: 2, product: { id } }]);

  const { lowStock } = await shop.admin.request(LowStock, { threshold: 2, first: 100 });
  expect(lowStock.nodes).toContainEqual(expect.objectContaining({ id, availableQuantity: 2 }));
});

test('invalid input is reported with its path, and no input causes an internal error', async () => {
  const price = { amount: -1, currencyCode: 'EURO' };
  const bad = await createProduct({ sku: 'a b', name: 'x'.repeat(10_240), price, category: 'No slug' });
  const { issues } = requireMember(bad, 'InvalidInput');
  expect(issues.map(({ path }) => path).sort()).toEqual([
    'category',
    'name',
    'price.amount',
    'price.currencyCode',
    'sku',
  ]);
  const nowhere = { sku: randomUUID(), name: 'A', price: { amount: 1, currencyCode: 'USD' }, category: 'nowhere' };
  expect(await createProduct(nowhere)).toMatchObject({ __typename: 'NotFound', id: 'nowhere' });
  expect(await createCategory('self', 'self')).toMatchObject({ issues: [{ path: 'parent' }] });

  for (const args of ['first: 1000', 'first: 0', 'after: "x"', 'sort: { field: RELEVANCE }', 'first: 1, last: 1']) {
    const { errors } = await shop.anonymous.execute(`{ products(${args}) { nodes { id } } }`);
    expect(errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) }),
    ]);
  }
  // An empty category: other test files have products that such a search may find.
  const empty = randomUUID();
  await createCategory(empty);
  for (const search of [
    `'; DROP TABLE products; --`,
    `\0${'q'.repeat(40)}`,
    '\ud83d',
    '📱',
    '&|!:*()',
    'x'.repeat(10_240),
  ]) {
    const answer = await shop.anonymous.request<{ products: object }>(
      `query ($search: String!, $category: String!) {
        products(first: 2, filter: { search: $search, category: $category }) { nodes { id } totalCount }
      }`,
      { search, category: empty },
    );
    expect(answer.products).toEqual({ nodes: [], totalCount: 0 });
  }
});
