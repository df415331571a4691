import { randomUUID } from 'node:crypto';
import {
  CancelOrder,
  ListOrders,
  MyOrders,
  PayOrder,
  UpdateOrderStatus,
  type ListOrdersQueryVariables,
  type OrderStatus,
  type UpdateOrderStatusInput,
} from '@shop/client';
import { eventually, type GraphqlClient } from '@shop/testing';
import pg from 'pg';
import { openSharedShop, readHistory, readOrder, placeOrder, type SharedShop, untilStatus } from './shop.ts';

let shop: SharedShop;
let customer: GraphqlClient;

/** The default. No test waits for it. */
const RESERVATION_SECONDS = 900;
/** A service knows the time of its database up to half a round trip of a second. */
const CLOCK_ERROR_MS = 500;

beforeAll(async () => {
  shop = await openSharedShop();
  customer = await shop.newCustomer();
});

/** Makes the time of a reservation pass. */
async function letTimePass(orderId: string): Promise<void> {
  const database = new pg.Client({ connectionString: shop.system.databaseUrls.order });
  await database.connect();
  try {
    const text = `UPDATE orders SET reserved_until = now() - interval '1 second' WHERE id = $1 AND status = 'RESERVED'`;
    expect(await database.query(text, [orderId])).toMatchObject({ rowCount: 1 });
  } finally {
    await database.end();
  }
}

const payment = (orderId: string) => ({ orderId, paymentToken: 'tok_visa', idempotencyKey: randomUUID() });
const pay = async (orderId: string) => (await customer.request(PayOrder, { input: payment(orderId) })).payOrder;
const cancel = async (client: GraphqlClient, orderId: string, reason?: string) =>
  (await client.request(CancelOrder, { input: { orderId, reason } })).cancelOrder;
const move = async (orderId: string, status: OrderStatus, rest: Partial<UpdateOrderStatusInput> = {}) =>
  (await shop.admin.request(UpdateOrderStatus, { input: { orderId, status, ...rest } })).updateOrderStatus;

test('an order is paid, processed, shipped and delivered, and shipping removes its units from the stock', async () => {
  const product = await shop.newProduct({ initialStock: 10 });
  const { order } = await placeOrder(customer, [[product, 3]]);
  await untilStatus(customer, order.id, 'RESERVED');
  const { payOrder } = await customer.request<{ payOrder: object }>(
    `mutation ($input: PayOrderInput!) {
      payOrder(input: $input) { __typename ... on PayOrderSuccess { order { status reservedUntil items { quantity } } } }
    }`,
    { input: payment(order.id) },
  );
  expect(payOrder).toEqual({
    __typename: 'PayOrderSuccess',
    order: { status: 'PAID', reservedUntil: null, items: [{ quantity: 3 }] },
  });

  expect(await move(order.id, 'SHIPPED')).toMatchObject({
    __typename: 'InvalidTransition',
    from: 'PAID',
    to: 'SHIPPED',
  });
  expect(await move(order.id, 'PROCESSING', { note: 'gift wrap' })).toMatchObject({ order: { status: 'PROCESSING' } });
  expect(await shop.stockOf(product)).toEqual({ onHand: 10, reserved: 3, available: 7 });
  expect(await move(order.id, 'SHIPPED', { trackingNumber: '1Z999' })).toMatchObject({
    order: { status: 'SHIPPED', trackingNumber: '1Z999' },
  });
  await eventually(async () => expect(await shop.stockOf(product)).toEqual({ onHand: 7, reserved: 0, available: 7 }));
  expect(await cancel(customer, order.id)).toMatchObject({
    __typename: 'InvalidTransition',
    from: 'SHIPPED',
    to: 'CANCELLED',
  });
  expect(await move(order.id, 'DELIVERED')).toMatchObject({ order: { status: 'DELIVERED', trackingNumber: '1Z999' } });
  expect((await readHistory(customer, order.id)).map(({ type }) => type)).toEqual([
    'PLACED',
    'RESERVED',
    'PAID',
    'PROCESSING',
    'SHIPPED',
    'DELIVERED',
  ]);
});

test('an unpaid order expires, and its stock is released', async () => {
  const product = await shop.newProduct({ initialStock: 4 });
  const { order } = await placeOrder(customer, [[product, 4]]);
  await untilStatus(customer, order.id, 'RESERVED');
  const readReservedUntil = async () => (await readOrder(customer, order.id))?.reservedUntil;
  const remainingMs = Date.parse(String(await readReservedUntil())) - Date.now();
  expect(remainingMs).toBeGreaterThan(0);
  expect(remainingMs).toBeLessThanOrEqual(RESERVATION_SECONDS * 1_000 + CLOCK_ERROR_MS);
  await letTimePass(order.id);
  expect(await untilStatus(customer, order.id, 'EXPIRED')).toMatchObject({ statusReason: 'Not paid in time.' });
  expect(await readReservedUntil()).toBeNull();
  await eventually(async () => expect(await shop.stockOf(product)).toEqual({ onHand: 4, reserved: 0, available: 4 }));
  expect(await pay(order.id)).toMatchObject({ __typename: 'InvalidTransition', from: 'EXPIRED', to: 'PAID' });
});

test('a paid order does not expire, and cancelling it releases the stock', async () => {
  const product = await shop.newProduct({ initialStock: 2 });
  const { order: unpaid } = await placeOrder(customer, [[product, 1]]);
  const { order } = await placeOrder(customer, [[product, 1]]);
  for (const { id } of [unpaid, order]) await untilStatus(customer, id, 'RESERVED');
  await pay(order.id);
  expect(await readOrder(customer, order.id)).toMatchObject({ status: 'PAID', reservedUntil: null });
  await letTimePass(unpaid.id);
  await untilStatus(customer, unpaid.id, 'EXPIRED');
  expect(await readOrder(customer, order.id)).toMatchObject({ status: 'PAID' });
  expect(await cancel(customer, order.id, 'no more')).toMatchObject({
    order: { status: 'CANCELLED' },
  });
  await eventually(async () => expect(await shop.stockOf(product)).toEqual({ onHand: 2, reserved: 0, available: 2 }));
});

test('staff list the orders of all customers by status, customer and time, in both directions', async () => {
  const buyer = await shop.newCustomer();
  const product = await shop.newProduct({ initialStock: 10 });
  const ids: string[] = [];
  for (let index = 0; index < 3; index += 1) ids.unshift((await placeOrder(buyer, [[product, 1]])).order.id);
  await cancel(buyer, String(ids[1]));
  const { me } = await buyer.request(MyOrders, { first: 1 });
  const customerId = String(me?.id);
  const list = async (
    filter: ListOrdersQueryVariables['filter'],
    page: Omit<ListOrdersQueryVariables, 'filter'> = { first: 10 },
  ) => {
    const { orders } = await shop.admin.request(ListOrders, { ...page, filter });
    return { ...orders, ids: orders.nodes.map(({ id }) => id) };
  };
  expect(await list({ customerId })).toMatchObject({ ids, totalCount: 3 });
  expect(await list({ customerId }, { last: 2 })).toMatchObject({
    ids: ids.slice(1),
    pageInfo: { hasPreviousPage: true },
  });
  expect(await list({ customerId, status: ['CANCELLED', 'SHIPPED'] })).toMatchObject({
    ids: [ids[1]],
    totalCount: 1,
  });
  const newest = me?.orders?.nodes[0]?.placedAt;
  expect((await list({ customerId, placedAfter: newest })).ids).toContain(ids[0]);
  expect((await list({ customerId, placedBefore: newest })).ids).not.toContain(ids[0]);
  expect((await list({ customerId, placedAfter: newest, status: ['DELIVERED'] })).ids).toEqual([]);
});
