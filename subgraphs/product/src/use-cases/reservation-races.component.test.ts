import { isTransientDatabaseError } from '@shop/messaging';
import { sqlOver, uuidv7 } from '@shop/subgraph';
import { eventually } from '@shop/testing';
import { differences, openStockScene, orderOf, type StockScene } from '../../test/stock-scene.ts';
import type { Database, Transaction } from '../db/database.ts';
import type { OrderLines } from '../domain/reservation.ts';
import { adjustStock } from './adjust-stock.ts';
import { commitStock } from './commit-stock.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';

let scene: StockScene;
beforeAll(async () => {
  scene = await openStockScene();
});
afterAll(() => scene?.stop());
afterEach(async () => expect(await differences(scene.database)).toEqual([]));

type Work = (tx: Transaction) => Promise<void>;
const reserve =
  (...orders: OrderLines[]): Work =>
  (tx) =>
    reserveStock(tx, orders, new Date());
const release =
  (...orders: OrderLines[]): Work =>
  (tx) =>
    releaseStock(
      tx,
      orders.map(({ orderId }) => orderId),
      new Date(),
    );
const commit =
  (...orders: OrderLines[]): Work =>
  (tx) =>
    commitStock(
      tx,
      orders.map(({ orderId }) => orderId),
      new Date(),
    );

/** A promise and the function that resolves it. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** Runs the second after the first has done its work but not committed. Checks that the second waits. */
async function oneAfterTheOther(first: Work, second: Work): Promise<PromiseSettledResult<void>[]> {
  const done = gate();
  const mayCommit = gate();
  const one = scene.database.transact(async (tx) => {
    await first(tx);
    done.open();
    await mayCommit.passed;
  });
  await done.passed;
  const two = scene.replica().transact(second);
  const both = Promise.allSettled([one, two]);
  await eventually(async () => expect(await scene.waiting()).toBe(1));
  mayCommit.open();
  return both;
}

const expectBothDone = (results: PromiseSettledResult<void>[]) =>
  expect(results).toEqual([{ status: 'fulfilled' }, { status: 'fulfilled' }]);

describe('a transaction that waits for another one sees its result', () => {
  test('for the same stock', async () => {
    const product = await scene.productWith(10);
    const [first, second, third] = [orderOf([product, 7]), orderOf([product, 7]), orderOf([product, 3])];
    expectBothDone(await oneAfterTheOther(reserve(first), reserve(second, third)));
    expect(await scene.statusOf(second.orderId)).toBe('REJECTED');
    expect(await scene.statusOf(third.orderId)).toBe('RESERVED');
  });

  test('for the same order in both batches', async () => {
    const product = await scene.productWith(10);
    const [both, other] = [orderOf([product, 2]), orderOf([product, 1])];
    expectBothDone(await oneAfterTheOther(reserve(both), reserve(other, both)));
    expect(await scene.stockOf(product)).toMatchObject({ reserved: 3 });
    expect(await scene.eventsOf(both.orderId)).toHaveLength(1);
  });

  test('for a release during the reservation', async () => {
    const product = await scene.productWith(10);
    const order = orderOf([product, 2]);
    expectBothDone(await oneAfterTheOther(reserve(order), release(order)));
    expect(await scene.eventsOf(order.orderId)).toEqual(['shop.inventory.reserved.v1', 'shop.inventory.released.v1']);
  });

  test('for a reservation during an earlier release', async () => {
    const product = await scene.productWith(10);
    const order = orderOf([product, 2]);
    expectBothDone(await oneAfterTheOther(release(order), reserve(order)));
    expect(await scene.eventsOf(order.orderId)).toEqual([]);
  });

  test.each([
    ['release', release, 'RELEASED'],
    ['commit', commit, 'COMMITTED'],
  ] as const)('for a second %s', async (_name, close, status) => {
    const product = await scene.productWith(10);
    const order = orderOf([product, 2]);
    await scene.database.transact(reserve(order));
    expectBothDone(await oneAfterTheOther(close(order), close(order)));
    expect(await scene.statusOf(order.orderId)).toBe(status);
    expect(await scene.eventsOf(order.orderId)).toHaveLength(2);
  });

  test('so that a commit during a release is rejected, and a release during a commit does nothing', async () => {
    const product = await scene.productWith(10);
    const [released, committed] = [orderOf([product, 2]), orderOf([product, 3])];
    await scene.database.transact(reserve(released, committed));
    const [, refused] = await oneAfterTheOther(release(released), commit(released));
    expect(refused).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('is RELEASED') } });
    expectBothDone(await oneAfterTheOther(commit(committed), release(committed)));
    expect(await scene.stockOf(product)).toMatchObject({ onHand: 7, reserved: 0 });
  });
});

describe('batches that do several things to the same products in opposite order', () => {
  const deadlocks = async () => {
    const [row] = await sqlOver(scene.database.client).query<{ deadlocks: number }>(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    return row!.deadlocks;
  };

  test('take turns', async () => {
    const [a, b] = [await scene.productWith(10), await scene.productWith(10)];
    const [first, second] = [gate(), gate()];
    let attempts = 0;
    const run = (database: Database, [one, other]: readonly [string, string], mine: { open: () => void }) =>
      database.transact(async (tx) => {
        attempts += 1;
        await reserve(orderOf([one, 1]))(tx);
        mine.open();
        // Either the other transaction also has its first product, or it waits.
        await Promise.race([
          Promise.all([first.passed, second.passed]),
          eventually(async () => expect(await scene.waiting()).toBe(1)),
        ]);
        await reserve(orderOf([other, 1]))(tx);
      });
    const both = [run(scene.database, [a, b], first), run(scene.replica(), [b, a], second)];
    await Promise.all(both);
    expect(attempts).toBe(2);
    expect(await scene.stockOf(a)).toMatchObject({ reserved: 2 });
    expect(await scene.stockOf(b)).toMatchObject({ reserved: 2 });
  });

  test('cause no deadlock under load, and every order ends correctly', async () => {
    const products = await Promise.all(Array.from({ length: 6 }, () => scene.productWith(60)));
    const before = await deadlocks();
    const backwards = [...products].reverse();
    const consume = async (ids: readonly string[]) => {
      const replica = scene.replica();
      const orders: OrderLines[] = [];
      for (let round = 0; round < 12; round += 1) {
        const batches = ids.map((id, n) => [orderOf([id, 1]), orderOf([id, 1], [ids[(n + 2) % ids.length]!, 1])]);
        const all = batches.flat();
        const [shipped, cancelled] = [all.filter((_, n) => n % 3 === 0), all.filter((_, n) => n % 3 === 1)];
        await held(replica, async (tx) => {
          for (const batch of batches) await reserve(...batch)(tx);
        });
        const statuses = await Promise.all(shipped.map(({ orderId }) => scene.statusOf(orderId)));
        await held(replica, async (tx) => {
          await release(...cancelled)(tx);
          await commit(...shipped.filter((_, n) => statuses[n] === 'RESERVED'))(tx);
        });
        orders.push(...all);
      }
      return orders;
    };
    const orders = (await Promise.all([consume(products), consume(backwards)])).flat();
    const ended = await scene.database.client.reservation.findMany({
      where: { orderId: { in: orders.map(({ orderId }) => orderId) } },
    });
    expect(ended).toHaveLength(288);
    expect(new Set(ended.map(({ status }) => status))).toEqual(
      new Set(['RESERVED', 'REJECTED', 'RELEASED', 'COMMITTED']),
    );
    expect(await deadlocks()).toBe(before);
  });
});

/** Retries transient database errors until the work succeeds, as a consumer does. */
async function held(database: Database, work: Work): Promise<void> {
  for (;;) {
    try {
      return await database.transact(work);
    } catch (error) {
      if (!isTransientDatabaseError(error)) throw error;
    }
  }
}

test('under random concurrent work, the ledger equals the balances, and each order has one outcome', async () => {
  const products = await Promise.all([0, 1, 5, 20, 50, 50, 100, 1_000].map((stock) => scene.productWith(stock)));
  const below = (limit: number) => Math.floor(Math.random() * limit);
  const some = <Item>(items: readonly Item[], most: number) =>
    Array.from({ length: 1 + below(most) }, () => items[below(items.length)]!);
  const orders = Array.from({ length: 200 }, () =>
    orderOf(...some(products, 3).map((id) => [id, 1 + below(4)] as const)),
  );
  const handlers = [
    () => reserve(...some(orders, 30)),
    () => reserve(...some(orders, 30)),
    () => release(...some(orders, 4)),
    () => commit(...some(orders, 2)),
    () => commit(...some(orders, 1)),
  ];
  const work = async (database: Database) => {
    for (let round = 0; round < 20; round += 1) {
      const calls = some(handlers, 3).map((handler) => handler());
      const batch = held(database, async (tx) => {
        for (const call of calls) await call(tx);
      });
      await batch.catch((error: unknown) => {
        if (!/has shipped and nothing is reserved/.test(String(error))) throw error;
      });
      const adjustment = {
        productId: products[below(products.length)],
        delta: below(9) - 4 || 1,
        reason: 'Counted',
        idempotencyKey: uuidv7(),
      };
      await adjustStock({ database, now: () => new Date() }, adjustment, uuidv7());
    }
  };
  await Promise.all([scene.database, scene.replica(), scene.replica(), scene.replica()].map(work));

  const seen = new Set<string>();
  for (const { orderId } of orders) {
    const [status, events] = [
      await scene.statusOf(orderId),
      (await scene.eventsOf(orderId)).map((type) => type.split('.')[2]),
    ];
    const fates: Record<string, string[]> = {
      null: [''],
      RESERVED: ['reserved'],
      REJECTED: ['rejected'],
      RELEASED: ['', 'reserved released'],
      COMMITTED: ['reserved committed'],
    };
    expect(fates[String(status)]).toContain(events.join(' '));
    seen.add(`${status} ${events.join(' ')}`);
  }
  expect(seen.size).toBeGreaterThanOrEqual(5); // fewer outcomes would mean too few conflicts to prove anything

  for (const productId of products) {
    const rows = await scene.database.client.outbox.findMany({
      where: { aggregateId: productId, type: 'shop.inventory.updated.v1' },
      orderBy: { sequence: 'asc' },
    });
    const told = rows.map(({ payload }) => (payload as unknown as { data: { sequence: number } }).data);
    const { onHand, reserved, sequence } = await scene.stockOf(productId);
    expect(told.at(-1)).toEqual({ productId, onHand, reserved, available: onHand - reserved, sequence });
    expect(told.map((data) => data.sequence)).toEqual(told.map((data) => data.sequence).sort((x, y) => x - y));
  }
});
