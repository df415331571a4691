import { randomUUID } from 'node:crypto';
import { eventually } from '@shop/testing';
import { openShop, placeOrder, sendOrder, untilStatus, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.stop());

/** The member of the result union. */
async function mutate(mutation: string, type: string, selection: string, input: object) {
  const data = await shop.admin.request(
    `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename ... on ${type}Success { ${selection} } ... on UserError { code } ${type === 'DeleteProduct' ? '' : '... on InvalidInput { issues { path } }'} ... on NotFound { id } } }`,
    { input },
  );
  return data[mutation];
}
const newCategory = (slug: string, parent?: string) =>
  mutate('createCategory', 'CreateCategory', 'category { slug }', { slug, name: slug, parent });
const update = (input: object) =>
  mutate('updateProduct', 'UpdateProduct', 'product { name version onSale price { amount } }', input);

test('orders follow the catalogue: a new price, off sale, back on sale', async () => {
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

  expect(await mutate('deleteProduct', 'DeleteProduct', 'product { onSale }', { id })).toMatchObject({
    product: { onSale: false },
  });
  await eventually(async () => {
    expect(await sendOrder(customer, [[id, 1]])).toMatchObject({ __typename: 'ProductUnavailable' });
  });
  expect((await shop.anonymous.request('query ($id: ID!) { product(id: $id) { id } }', { id })).product).toBeNull();
  const lines = await customer.request('query ($id: ID!) { order(id: $id) { items { name product { id onSale } } } }', {
    id: order.id,
  });
  expect(lines.order.items).toEqual([{ name: 'A product', product: { id, onSale: false } }]);

  expect(await update({ id, onSale: true })).toMatchObject({ product: { onSale: true, version: 4 } });
  await eventually(async () => {
    expect(await sendOrder(customer, [[id, 1]])).toMatchObject({ __typename: 'PlaceOrderSuccess' });
  });
});

test('customers browse a tree of categories, search and check what is free', async () => {
  const [top, below] = [randomUUID(), randomUUID()];
  await newCategory(top);
  expect(await newCategory(below, top)).toMatchObject({ category: { slug: below } });
  expect(await newCategory(below)).toMatchObject({ __typename: 'SlugTaken' });
  const id = await shop.newProduct({ name: 'Aurora smartphones', category: below, initialStock: 2 });

  const { category, categories, found, availability } = await shop.anonymous.request(
    `query ($slug: String!, $items: [AvailabilityInput!]!) {
      category(slug: $slug) { parent { slug } children { slug parent { slug } } products(first: 5) { totalCount nodes { id category { slug parent { slug } } } } }
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

  const { lowStock } = await shop.admin.request(
    '{ lowStock(threshold: 2, first: 100) { nodes { id availableQuantity } } }',
  );
  expect(lowStock.nodes).toContainEqual({ id, availableQuantity: 2 });
});

test('bad input is named, and never fails', async () => {
  const price = { amount: -1, currencyCode: 'EURO' };
  const bad = await mutate('createProduct', 'CreateProduct', 'product { id }', {
    sku: 'a b',
    name: 'x'.repeat(10_240),
    price,
    category: 'No slug',
  });
  expect(bad.issues.map(({ path }: { path: string }) => path).sort()).toEqual([
    'category',
    'name',
    'price.amount',
    'price.currencyCode',
    'sku',
  ]);
  const nowhere = { sku: randomUUID(), name: 'A', price: { amount: 1, currencyCode: 'USD' }, category: 'nowhere' };
  expect(await mutate('createProduct', 'CreateProduct', 'product { id }', nowhere)).toMatchObject({
    __typename: 'NotFound',
    id: 'nowhere',
  });
  expect(await newCategory('self', 'self')).toMatchObject({ issues: [{ path: 'parent' }] });

  for (const args of ['first: 1000', 'first: 0', 'after: "x"', 'sort: { field: RELEVANCE }', 'first: 1, last: 1']) {
    const { errors } = await shop.anonymous.execute(`{ products(${args}) { nodes { id } } }`);
    expect(errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) }),
    ]);
  }
  for (const search of [`'; DROP TABLE products; --`, 'a\0b', '\ud83d', '📱', '&|!:*()', 'x'.repeat(10_240)]) {
    const answer = await shop.anonymous.request(
      'query ($search: String!) { products(first: 2, filter: { search: $search }) { nodes { id } totalCount } }',
      { search },
    );
    expect(answer.products).toEqual({ nodes: [], totalCount: 0 });
  }
});
