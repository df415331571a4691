import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { uuidv7 } from '@shop/subgraph';
import { saveCatalogueProducts } from '../db/catalogue.ts';
import { openDatabase, type Database } from '../db/database.ts';
import type { OrderLimits } from '../domain/order-limits.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { placeOrder } from './place-order.ts';
import { makeProduct } from '../../test/make-product.ts';

let server: TestDatabase;
/** Two replicas of the subgraph. */
let replicas: readonly [Database, Database];
const now = () => new Date();

beforeAll(async () => {
  server = await startTestDatabase('order');
  replicas = [openDatabase(server.url), openDatabase(server.url)];
});
afterAll(async () => {
  await Promise.all((replicas ?? []).map((database) => database.close()));
  await server?.stop();
});

const shippingAddress = {
  street: '1 Main Street',
  city: 'Springfield',
  state: 'IL',
  postalCode: '62701',
  country: 'US',
};

async function newProduct(priceMinor = 100, currencyCode = 'USD'): Promise<string> {
  const product = makeProduct({ priceMinor, currencyCode });
  await saveCatalogueProducts(replicas[0].client, [product], now());
  return product.productId;
}

function place(
  customerId: string,
  lines: readonly (readonly [string, number])[],
  orderLimits: OrderLimits,
  { idempotencyKey = uuidv7(), replica = 0 }: { idempotencyKey?: string; replica?: 0 | 1 } = {},
) {
  const items = lines.map(([productId, quantity]) => ({ productId, quantity }));
  const dependencies = { database: replicas[replica], now, askForProducts: async () => [], orderLimits };
  return placeOrder(dependencies, { items, shippingAddress, idempotencyKey }, customerId);
}
const countOrders = (customerId: string) => replicas[0].client.order.count({ where: { customerId } });
const reached = (kind: object) => ({ kind: 'limit-reached', reached: kind });

test('counts unpaid orders, and none that were paid or have ended', async () => {
  const [customer, product] = [uuidv7(), await newProduct()];
  const limits = { openOrders: 2 };
  const first = await place(customer, [[product, 1]], limits);
  expect(first.kind).toBe('placed');
  expect((await place(customer, [[product, 1]], limits)).kind).toBe('placed');
  const refused = reached({ limit: 'OPEN_ORDERS', maximum: 2 });
  expect(await place(customer, [[product, 1]], limits)).toEqual(refused);
  expect((await place(uuidv7(), [[product, 1]], limits)).kind).toBe('placed');
  const setStatus = (status: OrderStatus) =>
    replicas[0].client.order.updateMany({
      where: { customerId: customer },
      data: { status, reservedUntil: status === 'RESERVED' ? now() : null },
    });
  await setStatus('RESERVED');
  expect(await place(customer, [[product, 1]], limits)).toEqual(refused);
  for (const status of ['PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'FAILED', 'CANCELLED', 'EXPIRED'] as const) {
    await setStatus(status);
    expect((await place(customer, [[product, 1]], limits)).kind).toBe('placed');
  }
});

test('counts the units of each product over all unpaid orders', async () => {
  const [customer, one, other] = [uuidv7(), await newProduct(), await newProduct()];
  const limits = { unitsOfProduct: 10 };
  expect(
    (
      await place(
        customer,
        [
          [one, 6],
          [other, 10],
        ],
        limits,
      )
    ).kind,
  ).toBe('placed');
  expect(await place(customer, [[one, 5]], limits)).toEqual(
    reached({ limit: 'UNITS_OF_PRODUCT', maximum: 10, productId: one }),
  );
  expect((await place(customer, [[one, 4]], limits)).kind).toBe('placed');
  expect(
    await place(
      uuidv7(),
      [
        [one, 1],
        [other, 11],
      ],
      limits,
    ),
  ).toEqual(reached({ limit: 'UNITS_OF_PRODUCT', maximum: 10, productId: other }));
});

test('adds up the value in each currency', async () => {
  const [customer, dollars, yen] = [uuidv7(), await newProduct(100), await newProduct(100, 'JPY')];
  const limits = { reservedValue: { USD: 1_000, '*': 500 } };
  expect((await place(customer, [[dollars, 9]], limits)).kind).toBe('placed');
  expect(await place(customer, [[dollars, 2]], limits)).toEqual(
    reached({ limit: 'RESERVED_VALUE', maximum: 1_000, currencyCode: 'USD' }),
  );
  expect((await place(customer, [[dollars, 1]], limits)).kind).toBe('placed');
  expect((await place(customer, [[yen, 5]], limits)).kind).toBe('placed');
  expect(await place(customer, [[yen, 1]], limits)).toEqual(
    reached({ limit: 'RESERVED_VALUE', maximum: 500, currencyCode: 'JPY' }),
  );
  const euros = await newProduct(1_000_000, 'EUR');
  expect((await place(customer, [[euros, 1]], { reservedValue: { USD: 1_000 } })).kind).toBe('placed');
});

test('a repeated request gets its order, also when a new one would be one too many', async () => {
  const [customer, product, idempotencyKey] = [uuidv7(), await newProduct(), uuidv7()];
  const limits = { openOrders: 1 };
  const attempts = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      place(customer, [[product, 1]], limits, { idempotencyKey, replica: n % 2 ? 1 : 0 }),
    ),
  );
  const ids = attempts.map((outcome) => (outcome.kind === 'placed' ? outcome.order.id : outcome.kind));
  expect(new Set(ids).size).toBe(1);
  expect(await countOrders(customer)).toBe(1);
  expect(await place(customer, [[product, 2]], limits, { idempotencyKey })).toEqual({ kind: 'idempotency-conflict' });
});

test('holds when many requests come at once, on two replicas, and refuses none too many', async () => {
  const [product, dear] = [await newProduct(), await newProduct(300)];
  const customers = [uuidv7(), uuidv7(), uuidv7()];
  const limits = { openOrders: 5, unitsOfProduct: 12, reservedValue: { USD: 2_000 } };
  const outcomes = await Promise.all(
    customers.flatMap((customer, which) =>
      Array.from({ length: 40 }, (_, n) =>
        place(customer, [[which === 2 ? dear : product, which === 0 ? 1 : 3]], limits, { replica: n % 2 ? 1 : 0 }),
      ),
    ),
  );
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['placed', 'limit-reached']));
  // Five orders; four of three units; two of 900.
  expect(await Promise.all(customers.map(countOrders))).toEqual([5, 4, 2]);
});
