import { startJob } from '@shop/subgraph';
import { eventually } from '@shop/testing';
import { startPaymentsWorld, type PaymentsWorld } from '../../test/payments-world.ts';
import { OutcomeUnknown, type PaymentProvider } from '../payments/provider.ts';
import { carryOutRefunds, settlePayments } from './jobs.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

const lines: string[] = [];
const log = (_fields: object | string, message?: string) => void lines.push(message ?? String(_fields));
const logger = { info: log, warn: log, error: log, debug: log } as never;

test('replicas settle each payment and carry out each refund once, without requests', async () => {
  const orders = await Promise.all(Array.from({ length: 30 }, () => world.reserved()));
  await Promise.all(orders.map((order) => world.pay(order, 'tok_timeout')));
  // Half of the orders can no longer be paid.
  const ids = orders.map(({ id }) => id);
  await world.database.client.order.updateMany({
    where: { id: { in: ids.slice(15) } },
    data: { status: 'EXPIRED', reservedUntil: null },
  });
  const timers = [1, 2, 3].flatMap(() => [
    startJob({ ...settlePayments, everyMs: 20 }, world.dependencies(), { logger }),
    startJob({ ...carryOutRefunds, everyMs: 20 }, world.dependencies(), { logger }),
  ]);
  await eventually(async () => {
    const rows = await Promise.all(ids.map((id) => world.load(id)));
    expect(rows.map(({ status, payments }) => `${status} ${payments[0]?.status}`)).toEqual([
      ...Array(15).fill('PAID SUCCEEDED'),
      ...Array(15).fill('EXPIRED REFUNDED'),
    ]);
  });
  await Promise.all(timers.map((timer) => timer.stop()));
  for (const id of ids.slice(0, 15))
    expect(await world.eventsOf(id)).toEqual(['order.updated PAID', 'payment.processed SUCCEEDED']);
  for (const id of ids.slice(15))
    expect(await world.eventsOf(id)).toEqual(['payment.processed SUCCEEDED', 'payment.refunded 1000']);
});

test('survives database errors, logs them once, and completes its current work when it stops', async () => {
  const order = await world.reserved();
  await world.pay(order, 'tok_timeout');
  lines.length = 0;
  const { database } = world;
  const client = new Proxy(database.client, {
    get: (target, name): unknown => {
      if (name === '$queryRawUnsafe' && fails)
        return () => ((failures += 1), Promise.reject(new Error('connection refused')));
      return Reflect.get(target, name);
    },
  });
  let [fails, failures] = [true, 0];
  const timer = startJob({ ...settlePayments, everyMs: 5 }, world.dependencies({ database: { ...database, client } }), {
    logger,
  });
  await eventually(() => expect(failures).toBeGreaterThan(3));
  expect(lines).toEqual(['settling payments fails; it is tried again']);
  fails = false;
  await eventually(async () => expect((await world.load(order.id)).status).toBe('PAID'));
  await timer.stop();
  expect(lines).toEqual(['settling payments fails; it is tried again', 'settling payments works again']);

  const later = await world.reserved();
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  await world.pay(later, 'tok_timeout');
  let asked = 0;
  const slow: PaymentProvider = {
    ...world.provider,
    findCharge: async (key) => ((asked += 1), await gate, world.provider.findCharge(key)),
  };
  const second = startJob({ ...settlePayments, everyMs: 5 }, world.dependencies({ payments: slow }), { logger });
  await eventually(() => expect(asked).toBe(1));
  const stopped = second.stop();
  open();
  await stopped;
  expect((await world.load(later.id)).status).toBe('PAID');
});

test('settles payments after an unavailable provider works again', async () => {
  const order = await world.reserved();
  await world.pay(order, 'tok_timeout');
  let isAway = true;
  const payments: PaymentProvider = {
    ...world.provider,
    findCharge: (key) => (isAway ? Promise.reject(new OutcomeUnknown('away')) : world.provider.findCharge(key)),
  };
  const timer = startJob({ ...settlePayments, everyMs: 5 }, world.dependencies({ payments }), { logger });
  const dueAt = async () => (await world.load(order.id)).payments[0]?.dueAt.getTime() ?? 0;
  await eventually(async () => expect(await dueAt()).toBeGreaterThan(Date.now())); // the provider was asked, and the payment is due again
  expect((await world.load(order.id)).status).toBe('RESERVED');
  isAway = false;
  await world.timePasses(order.id);
  await eventually(async () => expect((await world.load(order.id)).status).toBe('PAID'));
  await timer.stop();
});
