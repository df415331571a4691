import {
  createShopClient,
  InventoryLedger,
  ListOrders,
  paginate,
  paginatePages,
  SearchProducts,
  type ShopClient,
} from '@shop/client';
import { data, startServer, type TestServer } from './server.ts';

const list = Array.from({ length: 7 }, (_, index) => ({ id: String(index) }));
let server: TestServer;
let shop: ShopClient;

/** A connection as the graph returns it. Cursors are the ids. */
function page({ first, after, last, before }: Record<string, unknown>) {
  const [from, to] = [after == null ? 0 : Number(after) + 1, before == null ? list.length : Number(before)];
  const nodes =
    first != null
      ? list.slice(from, Math.min(to, from + Number(first)))
      : list.slice(Math.max(from, to - Number(last)), to);
  const [start, end] = [nodes[0]?.id ?? null, nodes.at(-1)?.id ?? null];
  return {
    nodes,
    pageInfo: {
      startCursor: start,
      endCursor: end,
      hasNextPage: end !== null && end !== '6',
      hasPreviousPage: start !== null && start !== '0',
    },
  };
}

beforeEach(async () => {
  server = await startServer(({ variables }) => data({ products: page(variables), orders: page(variables) }));
  shop = createShopClient({ url: server.url });
});
afterEach(() => server.close());

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const seen: Item[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}

test.each([1, 2, 3, 6, 7, 100])('yields every node once and in order, with pages of %i', async (pageSize) => {
  expect(await all(paginate(shop, SearchProducts, { connection: (answer) => answer.products, pageSize }))).toEqual(
    list,
  );
  expect(server.seen).toHaveLength(Math.ceil(7 / pageSize));
});

test.each([1, 2, 3, 7, 100])('yields nodes backward from the end, with pages of %i', async (pageSize) => {
  const nodes = await all(
    paginate(shop, ListOrders, { connection: (answer) => answer.orders, pageSize, direction: 'backward' }),
  );
  expect(nodes).toEqual([...list].reverse());
  expect(server.seen[0]?.variables).toEqual({ last: pageSize, before: null });
});

test('sends the other variables with each page, and begins at the given cursor', async () => {
  const nodes = await all(
    paginate(shop, SearchProducts, {
      connection: (answer) => answer.products,
      variables: { filter: { search: 'cup' } },
      pageSize: 2,
      from: '2',
    }),
  );
  expect(nodes.map(({ id }) => id)).toEqual(['3', '4', '5', '6']);
  expect(server.seen.map(({ variables }) => variables)).toEqual([
    { filter: { search: 'cup' }, first: 2, after: '2' },
    { filter: { search: 'cup' }, first: 2, after: '4' },
  ]);
});

test('fetches a page only when it is needed, and none after the caller has left', async () => {
  for await (const { id } of paginate(shop, SearchProducts, { connection: (answer) => answer.products, pageSize: 2 }))
    if (id === '2') break;
  expect(server.seen).toHaveLength(2);
});

test('yields pages as the server sends them', async () => {
  const pages = await all(
    paginatePages(shop, SearchProducts, { connection: (answer) => answer.products, pageSize: 4 }),
  );
  expect(pages.map(({ nodes }) => nodes.length)).toEqual([4, 3]);
});

test('yields nothing when the connection is null', async () => {
  expect(await all(paginate(shop, InventoryLedger, { connection: () => null, variables: { productId: 'p' } }))).toEqual(
    [],
  );
});

test.each([
  ['no cursor', null],
  ['the cursor that it had', 'x'],
])('a list that goes on with %s is an error, and no endless loop', async (_what, endCursor) => {
  await server.close();
  server = await startServer(() => data({ products: { nodes: [], pageInfo: { hasNextPage: true, endCursor } } }));
  shop = createShopClient({ url: server.url });
  await expect(all(paginate(shop, SearchProducts, { connection: (answer) => answer.products }))).rejects.toThrow(
    TypeError,
  );
  expect(server.seen.length).toBeLessThanOrEqual(2);
});

test('a signal ends the iteration', async () => {
  const controller = new AbortController();
  const nodes = paginate(shop, SearchProducts, {
    connection: (answer) => answer.products,
    pageSize: 2,
    signal: controller.signal,
  });
  await nodes.next();
  controller.abort(new Error('enough'));
  await expect(all(nodes)).rejects.toThrow('enough');
  expect(server.seen).toHaveLength(1);
});
