import { randomUUID } from 'node:crypto';
import {
  CancelOrder,
  CreateProduct,
  InventoryLedger,
  Me,
  MyOrders,
  PlaceOrder,
  type MyOrdersQuery,
} from '@shop/client';
import { serviceNames } from '@shop/contracts';
import { eventually, type GraphqlClient } from '@shop/testing';
import { address, openSharedShop, readHistory, readOrder, placeOrder, untilStatus, type SharedShop } from './shop.ts';

let shop: SharedShop;
let customer: GraphqlClient;

beforeAll(async () => {
  shop = await openSharedShop();
  customer = await shop.newCustomer();
});

test('every service of the running system is up, connected and publishes', async () => {
  await eventually(async () => {
    const health = await fetch(`${shop.system.urls.gateway}/health`);
    expect(await health.json()).toEqual({
      status: 'ok',
      subgraphs: Object.fromEntries(serviceNames.map((name) => [name, { status: 'up' }])),
    });
  });
});

test('cancelling a reserved order restores the stock', async () => {
  const mug = await shop.newProduct({ sku: `MUG-${randomUUID()}`, name: 'Mug', initialStock: 10 });
  const lamp = await shop.newProduct({ price: { amount: 500, currencyCode: 'USD' }, initialStock: 3 });

  const placed = await placeOrder(customer, [
    [mug, 2],
    [lamp, 3],
  ]);
  expect(placed).toMatchObject({
    __typename: 'PlaceOrderSuccess',
    order: { status: 'PENDING', total: { amount: 5498, currencyCode: 'USD' } },
  });
  const { id } = placed.order;

  await untilStatus(customer, id, 'RESERVED');
  expect(await shop.stockOf(mug)).toEqual({ onHand: 10, reserved: 2, available: 8 });
  expect(await shop.stockOf(lamp)).toEqual({ onHand: 3, reserved: 3, available: 0 });

  const { cancelOrder } = await customer.request(CancelOrder, { input: { orderId: id, reason: 'Changed my mind' } });
  expect(cancelOrder).toMatchObject({
    __typename: 'CancelOrderSuccess',
    order: { status: 'CANCELLED', statusReason: 'Changed my mind' },
  });

  await eventually(async () => {
    expect(await shop.stockOf(mug)).toEqual({ onHand: 10, reserved: 0, available: 10 });
    expect(await shop.stockOf(lamp)).toEqual({ onHand: 3, reserved: 0, available: 3 });
  });
  expect(await readHistory(customer, id)).toEqual([
    { type: 'PLACED', fromStatus: null, toStatus: 'PENDING' },
    { type: 'RESERVED', fromStatus: 'PENDING', toStatus: 'RESERVED' },
    { type: 'CANCELLED', fromStatus: 'RESERVED', toStatus: 'CANCELLED' },
  ]);
  const { product } = await shop.admin.request(InventoryLedger, { productId: mug, first: 2 });
  expect(product?.inventory?.movements).toMatchObject({
    totalCount: 3,
    nodes: [
      { type: 'RELEASED', reservedDelta: -2, reservedAfter: 0, orderId: id },
      { type: 'RESERVED', reservedDelta: 2, reservedAfter: 2, orderId: id },
    ],
    pageInfo: { hasNextPage: true },
  });
});

test('an order for more than the stock becomes FAILED, and reserves nothing', async () => {
  const [plenty, few] = [await shop.newProduct({ initialStock: 10 }), await shop.newProduct({ initialStock: 1 })];
  const { order } = await placeOrder(customer, [
    [plenty, 1],
    [few, 2],
  ]);
  expect(await untilStatus(customer, order.id, 'FAILED')).toMatchObject({ statusReason: 'Out of stock.' });
  expect(await shop.stockOf(plenty)).toEqual({ onHand: 10, reserved: 0, available: 10 });
});

test('one query reads from three subgraphs', async () => {
  const product = await shop.newProduct({ name: 'Lamp' });
  const { order } = await placeOrder(customer, [[product, 1]]);
  const { me } = await customer.request<{ me: { orders: { totalCount: number; nodes: object[] } } }>(`{
    me { name email role orders(first: 1) {
      totalCount nodes { id customer { name } items { name quantity product { id name inStock } } }
    } }
  }`);
  expect(me).toMatchObject({ name: 'Ada', role: 'CUSTOMER' });
  expect(me.orders.nodes).toEqual([
    {
      id: order.id,
      customer: { name: 'Ada' },
      items: [{ name: 'Lamp', quantity: 1, product: { id: product, name: 'Lamp', inStock: true } }],
    },
  ]);
  expect(me.orders.totalCount).toBeGreaterThanOrEqual(1);
});

test('pages list each order once, newest first', async () => {
  const buyer = await shop.newCustomer();
  const product = await shop.newProduct();
  const placed: string[] = [];
  for (let index = 0; index < 5; index += 1) placed.unshift((await placeOrder(buyer, [[product, 1]])).order.id);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { me }: MyOrdersQuery = await buyer.request(MyOrders, { first: 2, after });
    if (!me?.orders) throw new Error('The answer has no orders.');
    seen.push(...me.orders.nodes.map(({ id }) => id));
    after = me.orders.pageInfo.hasNextPage ? me.orders.pageInfo.endCursor : null;
  } while (after);
  expect(seen).toEqual(placed);
});

describe('permissions', () => {
  test('a customer cannot create products or read the inventory', async () => {
    const id = await shop.newProduct();
    const create = await customer.execute(CreateProduct, {
      input: { sku: 'X', name: 'X', price: { amount: 1, currencyCode: 'USD' } },
    });
    expect(create.errors).toMatchObject([{ path: ['createProduct'], extensions: { code: 'FORBIDDEN' } }]);
    const ledger = await customer.execute(`query ($id: ID!) { product(id: $id) { name inventory { onHand } } }`, {
      id,
    });
    expect(ledger.data).toEqual({ product: { name: 'A product', inventory: null } });
    expect(ledger.errors).toMatchObject([{ path: ['product', 'inventory'], extensions: { code: 'FORBIDDEN' } }]);
  });

  test('an anonymous caller cannot place an order', async () => {
    const answer = await shop.anonymous.execute(PlaceOrder, {
      input: { items: [], shippingAddress: address, idempotencyKey: 'k' },
    });
    expect(answer.errors).toMatchObject([{ path: ['placeOrder'], extensions: { code: 'UNAUTHENTICATED' } }]);
    expect((await shop.anonymous.request(Me, {})).me).toBeNull();
  });

  test('a customer cannot read or cancel the order of another customer', async () => {
    const { order } = await placeOrder(customer, [[await shop.newProduct(), 1]]);
    const stranger = await shop.newCustomer();
    expect(await readOrder(stranger, order.id)).toBeNull();
    const { cancelOrder } = await stranger.request(CancelOrder, { input: { orderId: order.id } });
    expect(cancelOrder.__typename).toBe('NotFound');
    expect(await readOrder(shop.admin, order.id)).toMatchObject({ id: order.id });
  });

  test.each(serviceNames)('the %s subgraph rejects callers other than the gateway', async (name) => {
    const url = `${shop.system.urls[name]}/graphql`;
    const forged = { 'x-internal-token': 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.', 'x-user-id': randomUUID() };
    for (const query of [
      '{ _service { sdl } }',
      '{ _entities(representations: []) { __typename } }',
      '{ __typename }',
    ]) {
      for (const headers of [{}, forged]) {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ query }),
        });
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      }
    }
  });
});
