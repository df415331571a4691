import { listAudit, uuidv7 } from '@shop/subgraph';
import { differences, openStockScene, type StockScene } from '../../test/stock-scene.ts';
import type { Database } from '../db/database.ts';
import { adjustStock } from './adjust-stock.ts';
import { createProduct } from './create-product.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';

let scene: StockScene;
let database: Database;
const now = () => new Date();
const actorId = uuidv7();

beforeAll(async () => {
  scene = await openStockScene();
  database = scene.database;
});
afterAll(() => scene?.stop());
afterEach(async () => expect(await differences(database)).toEqual([]));

const productWith = (initialStock: number) => scene.productWith(initialStock);
const stockOf = (productId: string) => scene.stockOf(productId);
const eventsOf = (aggregateId: string) => scene.eventsOf(aggregateId);
const reserve = (orderId: string, ...lines: [string, number][]) =>
  database.transact((tx) =>
    reserveStock(tx, [{ orderId, lines: lines.map(([productId, quantity]) => ({ productId, quantity })) }], now()),
  );
const release = (orderId: string) => database.transact((tx) => releaseStock(tx, [orderId], now()));

test('an adjustment by hand is in the audit log once, and a reservation is not', async () => {
  const productId = await productWith(7);
  const input = { productId, delta: -2, reason: 'Counted', idempotencyKey: uuidv7() };
  for (let attempt = 0; attempt < 2; attempt += 1) await adjustStock({ database, now }, input, actorId);
  await adjustStock({ database, now }, { ...input, delta: -900, idempotencyKey: uuidv7() }, actorId);
  await reserve(uuidv7(), [productId, 1]);
  const { nodes } = await listAudit(database.client, { filter: { subjectId: productId } });
  expect(nodes).toMatchObject([{ action: 'STOCK_ADJUSTED', actorId }]);
  expect(nodes[0]?.details).toContainEqual({ name: 'delta', value: '-2' });
});

describe('creating a product', () => {
  test('writes its first stock to the ledger, and publishes product and stock', async () => {
    const id = await productWith(7);
    expect(await stockOf(id)).toMatchObject({ onHand: 7, reserved: 0, sequence: 1 });
    expect(await eventsOf(id)).toEqual(['shop.product.created.v1', 'shop.inventory.updated.v1']);
  });

  test('rejects a used SKU, and writes nothing', async () => {
    const input = {
      sku: uuidv7(),
      name: 'A',
      description: '',
      price: { amount: 1, currencyCode: 'JPY' },
      initialStock: 1,
    };
    const outcomes = await Promise.all([1, 2, 3].map(() => createProduct({ database, now }, input, null)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'sku-taken', 'sku-taken']);
    const product = await database.client.product.findUniqueOrThrow({ where: { sku: input.sku } });
    expect(await eventsOf(product.id)).toHaveLength(2);
  });

  test('reports every broken rule with its path', async () => {
    const input = {
      sku: 'with space',
      name: ' ',
      description: '\0',
      price: { amount: -1, currencyCode: 'XYZ' },
      imageUrl: 'javascript:x',
      initialStock: -1,
    };
    const outcome = await createProduct({ database, now }, input, null);
    expect(outcome).toMatchObject({ kind: 'invalid-input' });
    const paths = outcome.kind === 'invalid-input' ? outcome.issues.map(({ path }) => path) : [];
    expect(new Set(paths)).toEqual(
      new Set(['sku', 'name', 'description', 'price.amount', 'price.currencyCode', 'imageUrl', 'initialStock']),
    );
  });
});

describe('reserving', () => {
  test('reserves all lines or none', async () => {
    const [a, b] = [await productWith(5), await productWith(1)];
    const [good, bad] = [uuidv7(), uuidv7()];
    await reserve(good, [a, 2], [b, 1]);
    await reserve(bad, [a, 1], [b, 1]);
    expect(await stockOf(a)).toMatchObject({ reserved: 2 });
    expect(await stockOf(b)).toMatchObject({ reserved: 1 });
    expect(await eventsOf(good)).toEqual(['shop.inventory.reserved.v1']);
    expect(await eventsOf(bad)).toEqual(['shop.inventory.rejected.v1']);
  });

  test('twice for one order has one effect', async () => {
    const [product, order] = [await productWith(5), uuidv7()];
    await Promise.all([reserve(order, [product, 2]), reserve(order, [product, 2])]);
    expect(await stockOf(product)).toMatchObject({ reserved: 2 });
    expect(await eventsOf(order)).toHaveLength(1);
  });

  test('never oversells 20 units of two products to 60 concurrent orders', async () => {
    const [a, b] = [await productWith(20), await productWith(20)];
    const orders = Array.from({ length: 60 }, () => uuidv7());
    await Promise.all(
      orders.map((order, index) => (index % 2 ? reserve(order, [a, 1], [b, 1]) : reserve(order, [b, 1], [a, 1]))),
    );
    expect(await stockOf(a)).toMatchObject({ onHand: 20, reserved: 20 });
    expect(await stockOf(b)).toMatchObject({ onHand: 20, reserved: 20 });
    const statuses = await database.client.reservation.groupBy({
      by: ['status'],
      where: { orderId: { in: orders } },
      _count: true,
    });
    expect(new Map(statuses.map(({ status, _count }) => [status, _count]))).toEqual(
      new Map([
        ['RESERVED', 20],
        ['REJECTED', 40],
      ]),
    );
  });

  test('PostgreSQL rejects more units reserved than on hand', async () => {
    const product = await productWith(1);
    await expect(
      database.client.stock.update({ where: { productId: product }, data: { reserved: 2 } }),
    ).rejects.toThrow(/stocks_reserved_check/);
  });
});

describe('releasing', () => {
  test('returns the reserved units once', async () => {
    const [product, order] = [await productWith(5), uuidv7()];
    await reserve(order, [product, 3]);
    await Promise.all([release(order), release(order)]);
    expect(await stockOf(product)).toMatchObject({ onHand: 5, reserved: 0, sequence: 3 });
    expect(await eventsOf(order)).toEqual(['shop.inventory.reserved.v1', 'shop.inventory.released.v1']);
  });

  test('before the reservation leaves a tombstone that rejects the late reservation', async () => {
    const [product, order] = [await productWith(5), uuidv7()];
    await release(order);
    await reserve(order, [product, 3]);
    expect(await stockOf(product)).toMatchObject({ reserved: 0, sequence: 1 });
    expect(await eventsOf(order)).toEqual([]);
  });

  test('concurrently with the reservation leaves nothing reserved', async () => {
    const product = await productWith(50);
    const orders = Array.from({ length: 20 }, () => uuidv7());
    await Promise.all(orders.flatMap((order) => [reserve(order, [product, 1]), release(order)]));
    expect(await stockOf(product)).toMatchObject({ reserved: 0 });
  });

  test('a rejected order returns nothing', async () => {
    const [product, order] = [await productWith(1), uuidv7()];
    await reserve(order, [product, 2]);
    await release(order);
    expect(await stockOf(product)).toMatchObject({ onHand: 1, reserved: 0, sequence: 1 });
  });
});

describe('adjusting', () => {
  const adjust = (productId: string, delta: number, idempotencyKey: string = uuidv7(), actor = actorId) =>
    adjustStock({ database, now }, { productId, delta, reason: 'Counted', idempotencyKey }, actor);

  test('adds one movement, even for 20 concurrent copies of a request', async () => {
    const [product, key] = [await productWith(5), uuidv7()];
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => adjust(product, 3, key)));
    const ids = new Set(outcomes.map((outcome) => (outcome.kind === 'adjusted' ? outcome.movement.id : outcome.kind)));
    expect(ids.size).toBe(1);
    expect(await stockOf(product)).toMatchObject({ onHand: 8, sequence: 2 });
  });

  test('rejects a used key with another input, and accepts the same key from another person', async () => {
    const [product, key] = [await productWith(5), uuidv7()];
    await adjust(product, 3, key);
    expect(await adjust(product, 4, key)).toEqual({ kind: 'idempotency-conflict' });
    expect(await adjust(product, 4, key, uuidv7())).toMatchObject({ kind: 'adjusted' });
    expect(await stockOf(product)).toMatchObject({ onHand: 12 });
  });

  test('with one key concurrently on two products moves one of them', async () => {
    const [a, b, key] = [await productWith(5), await productWith(5), uuidv7()];
    const outcomes = await Promise.all([adjust(a, 1, key), adjust(b, 1, key)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['adjusted', 'idempotency-conflict']);
  });

  test('never goes below the reserved units, and reports the available units', async () => {
    const product = await productWith(5);
    await reserve(uuidv7(), [product, 3]);
    expect(await adjust(product, -3)).toEqual({ kind: 'insufficient-stock', available: 2 });
    expect(await adjust(product, -2)).toMatchObject({
      kind: 'adjusted',
      movement: { onHandAfter: 3, reservedAfter: 3 },
    });
  });

  test('rejects unknown products and invalid deltas', async () => {
    expect(await adjust(uuidv7(), 1)).toMatchObject({ kind: 'not-found' });
    expect(await adjust('nonsense', 1)).toMatchObject({ kind: 'not-found' });
    expect(await adjust(await productWith(0), 0)).toMatchObject({ kind: 'invalid-input', issues: [{ path: 'delta' }] });
    expect(await adjust(await productWith(1_000_000_000), 1)).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'delta' }],
    });
  });
});
