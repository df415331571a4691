import { jest } from '@jest/globals';
import { uuidv7 } from '@shop/subgraph';
import pg from 'pg';
import { differences, openStockScene, orderOf, type StockScene } from '../../test/stock-scene.ts';
import type { OrderLines } from '../domain/reservation.ts';
import { commitStock } from './commit-stock.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';

let scene: StockScene;
beforeAll(async () => {
  scene = await openStockScene();
});
afterAll(() => scene?.stop());
afterEach(async () => expect(await differences(scene.database)).toEqual([]));

const reserve = (...orders: OrderLines[]) => scene.database.transact((tx) => reserveStock(tx, orders, new Date()));
const release = (...orders: OrderLines[]) =>
  scene.database.transact((tx) =>
    releaseStock(
      tx,
      orders.map(({ orderId }) => orderId),
      new Date(),
    ),
  );
const commit = (...orders: OrderLines[]) =>
  scene.database.transact((tx) =>
    commitStock(
      tx,
      orders.map(({ orderId }) => orderId),
      new Date(),
    ),
  );
const statusesOf = (...orders: OrderLines[]) => Promise.all(orders.map(({ orderId }) => scene.statusOf(orderId)));
const dataOf = async (aggregateId: string, type: string) => {
  const rows = await scene.database.client.outbox.findMany({
    where: { aggregateId, type },
    orderBy: { sequence: 'asc' },
  });
  return rows.map(({ payload }) => (payload as { data: unknown }).data);
};

/** Returns the statements of `work`, without those that begin and end its transaction. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    const texts = (spy.mock.calls as unknown[][]).map(([first]) =>
      typeof first === 'string' ? first : (first as { text: string }).text,
    );
    return texts.filter((text) => !/^(BEGIN|COMMIT)$/i.test(text));
  } finally {
    spy.mockRestore();
  }
}

describe('reserving a batch', () => {
  test('takes two statements for any number of orders and products, releasing takes three, and committing two', async () => {
    const products = await Promise.all(Array.from({ length: 10 }, () => scene.productWith(1_000)));
    for (const size of [1, 256]) {
      const orders = Array.from({ length: size }, (_, n) =>
        orderOf([products[n % 10]!, 1], [products[(n + 3) % 10]!, 1]),
      );
      expect(await statementsOf(() => reserve(...orders))).toHaveLength(2);
      const half = Math.ceil(size / 2);
      expect(await statementsOf(() => release(...orders.slice(0, half)))).toHaveLength(3);
      expect(await statementsOf(() => commit(...orders.slice(half)))).toHaveLength(size === 1 ? 0 : 2);
      expect(new Set(await statusesOf(...orders.slice(0, half)))).toEqual(new Set(['RELEASED']));
    }
  });

  test('decides in the order of the events, each on the remaining stock', async () => {
    const [a, b] = [await scene.productWith(5), await scene.productWith(1)];
    const orders = [
      orderOf([a, 2], [b, 1]),
      orderOf([a, 1], [b, 1]),
      orderOf([a, 4]),
      orderOf([a, 3]),
      orderOf([a, 1]),
    ];
    await reserve(...orders);
    expect(await statusesOf(...orders)).toEqual(['RESERVED', 'REJECTED', 'REJECTED', 'RESERVED', 'REJECTED']);
    expect(await dataOf(orders[1]!.orderId, 'shop.inventory.rejected.v1')).toMatchObject([
      { reason: 'Out of stock.', productIds: [b] },
    ]);
    expect(await dataOf(orders[0]!.orderId, 'shop.inventory.reserved.v1')).toEqual([orders[0]]);
    expect(await scene.stockOf(a)).toMatchObject({ onHand: 5, reserved: 5, sequence: 3 });
    const ledger = await scene.database.client.stockMovement.findMany({
      where: { productId: a },
      orderBy: { sequence: 'asc' },
    });
    expect(ledger.map(({ orderId, reservedAfter }) => [orderId, reservedAfter])).toEqual([
      [null, 0],
      [orders[0]!.orderId, 2],
      [orders[3]!.orderId, 5],
    ]);
  });

  test('publishes the final balances of each product once', async () => {
    const [a, b] = [await scene.productWith(9), await scene.productWith(9)];
    await reserve(orderOf([a, 2]), orderOf([b, 1]), orderOf([a, 3]));
    expect(await dataOf(a, 'shop.inventory.updated.v1')).toEqual([
      { productId: a, onHand: 9, reserved: 0, available: 9, sequence: 1 },
      { productId: a, onHand: 9, reserved: 5, available: 4, sequence: 3 },
    ]);
    expect(await dataOf(b, 'shop.inventory.updated.v1')).toHaveLength(2);
  });

  test('handles repeated orders, tombstones, unknown products, huge quantities and ids in capitals', async () => {
    const product = await scene.productWith(10);
    const [before, cancelled] = [orderOf([product, 1]), orderOf([product, 1])];
    await reserve(before);
    await release(cancelled);
    const [twice, unknown, absurd] = [
      orderOf([product, 2]),
      orderOf([product, 1], [uuidv7(), 1]),
      orderOf([product, Number.MAX_SAFE_INTEGER]),
    ];
    const shouted = {
      orderId: uuidv7().toUpperCase(),
      lines: [
        { productId: product.toUpperCase(), quantity: 1 },
        { productId: product, quantity: 2 },
      ],
    };
    await reserve(before, twice, cancelled, unknown, twice, absurd, shouted);
    expect(
      await statusesOf(before, cancelled, twice, unknown, absurd, {
        ...shouted,
        orderId: shouted.orderId.toLowerCase(),
      }),
    ).toEqual(['RESERVED', 'RELEASED', 'RESERVED', 'REJECTED', 'REJECTED', 'RESERVED']);
    expect(await scene.stockOf(product)).toMatchObject({ onHand: 10, reserved: 1 + 2 + 3 });
    expect(await scene.eventsOf(cancelled.orderId)).toEqual([]);
    expect(await scene.eventsOf(twice.orderId)).toEqual(['shop.inventory.reserved.v1']);
    expect(await dataOf(shouted.orderId.toLowerCase(), 'shop.inventory.reserved.v1')).toMatchObject([
      { lines: [{ productId: product, quantity: 3 }] },
    ]);
  });

  test('reserves an order without lines, and its release returns nothing', async () => {
    const empty = orderOf();
    await reserve(empty);
    expect(await scene.statusOf(empty.orderId)).toBe('RESERVED');
    await release(empty);
    expect(await scene.eventsOf(empty.orderId)).toEqual(['shop.inventory.reserved.v1', 'shop.inventory.released.v1']);
  });

  test('writes nothing for an empty batch or known orders', async () => {
    const order = orderOf([await scene.productWith(3), 1]);
    await reserve(order);
    expect(await statementsOf(() => reserve())).toEqual([]);
    expect(await statementsOf(() => release())).toEqual([]);
    expect(await statementsOf(() => reserve(order, order))).toHaveLength(1);
    expect(await scene.eventsOf(order.orderId)).toHaveLength(1);
  });
});

describe('releasing a batch', () => {
  test('releases open reservations, and keeps the others', async () => {
    const [a, b] = [await scene.productWith(10), await scene.productWith(10)];
    const [open, other, rejected, gone, unseen] = [
      orderOf([a, 1], [b, 2]),
      orderOf([a, 3]),
      orderOf([a, 99]),
      orderOf([a, 2]),
      orderOf([a, 1]),
    ];
    await reserve(open, other, rejected, gone);
    await commit(gone);
    await release(open, rejected, gone, unseen, open);
    await release(open);
    expect(await statusesOf(open, other, rejected, gone, unseen)).toEqual([
      'RELEASED',
      'RESERVED',
      'REJECTED',
      'COMMITTED',
      'RELEASED',
    ]);
    expect(await scene.stockOf(a)).toMatchObject({ onHand: 8, reserved: 3 });
    expect(await scene.stockOf(b)).toMatchObject({ onHand: 10, reserved: 0 });
    expect(await scene.eventsOf(open.orderId)).toEqual(['shop.inventory.reserved.v1', 'shop.inventory.released.v1']);
    expect(await scene.eventsOf(unseen.orderId)).toEqual([]);
    await reserve(unseen);
    expect(await scene.eventsOf(unseen.orderId)).toEqual([]);
  });
});

describe('committing a batch', () => {
  test('removes the reserved units from the stock once', async () => {
    const [a, b] = [await scene.productWith(10), await scene.productWith(10)];
    const [first, second] = [orderOf([a, 1], [b, 2]), orderOf([a, 3])];
    await reserve(first, second);
    await commit(first, second);
    await commit(second, first);
    expect(await scene.stockOf(a)).toMatchObject({ onHand: 6, reserved: 0, sequence: 5 });
    expect(await scene.stockOf(b)).toMatchObject({ onHand: 8, reserved: 0, sequence: 3 });
    expect(await dataOf(first.orderId, 'shop.inventory.committed.v1')).toEqual([first]);
    expect(await scene.eventsOf(a)).toHaveLength(2 + 2);
    const ledger = await scene.database.client.stockMovement.findMany({ where: { productId: b, type: 'COMMITTED' } });
    expect(ledger).toMatchObject([
      { orderId: first.orderId, onHandDelta: -2, reservedDelta: -2, onHandAfter: 8, reservedAfter: 0 },
    ]);
  });

  test('throws when an order has no reservation, and commits none', async () => {
    const product = await scene.productWith(5);
    const [good, rejected, released, unseen] = [
      orderOf([product, 1]),
      orderOf([product, 9]),
      orderOf([product, 1]),
      orderOf([product, 1]),
    ];
    await reserve(good, rejected, released);
    await release(released);
    for (const [bad, why] of [
      [rejected, /is REJECTED/],
      [released, /is RELEASED/],
      [unseen, /is missing/],
    ] as const) {
      await expect(commit(good, bad)).rejects.toThrow(why);
      await expect(commit(good, bad)).rejects.toThrow(bad.orderId);
    }
    expect(await statusesOf(good, unseen)).toEqual(['RESERVED', null]);
    expect(await scene.stockOf(product)).toMatchObject({ onHand: 5, reserved: 1 });
  });
});
