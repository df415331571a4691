import { chooseSize } from '@shop/testing/config';
import { viewer, startPaymentsWorld, type PaymentsWorld } from '../../test/payments-world.ts';
import type { PaymentProvider } from '../payments/provider.ts';
import { cancelOrder } from './cancel-order.ts';
import { carryOutDueRefunds } from './carry-out-refunds.ts';
import { expireOrders } from './expire-orders.ts';
import { settleDuePayments } from './settle-payments.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

/** The time of the other change: first, concurrent, between the record and the charge, during the record of the charge, or last. */
const moments = ['before', 'at once', 'before the charge', 'after the charge', 'after'] as const;

/** Pays an order while something else happens to it, and says what became of both. */
async function race(
  moment: (typeof moments)[number],
  other: (order: { id: string; customerId: string }) => Promise<unknown>,
  tokens: readonly string[],
) {
  const order = await world.reserved();
  let running: Promise<unknown> | undefined;
  const start = () => (running ??= other(order));
  const provider: PaymentProvider = {
    ...world.provider,
    charge: async (request) => {
      if (moment === 'before the charge') await start();
      const answer = await world.provider.charge(request);
      if (moment === 'after the charge') void start();
      return answer;
    },
  };
  if (moment === 'before') await start();
  if (moment === 'at once') void start();
  const outcomes = await Promise.all(tokens.map((token) => world.pay(order, token, { payments: provider })));
  await start();
  await world.timePasses(order.id);
  while (await settleDuePayments(world.dependencies()));
  while (await carryOutDueRefunds(world.dependencies()));
  const { status, payments } = await world.load(order.id);
  const keys = payments.map(({ id }) => id);
  const sum = (rows: readonly { amountMinor: bigint }[]) =>
    rows.reduce((total, { amountMinor }) => total + Number(amountMinor), 0);
  const [captured, refunded] = [sum(await world.charges(keys)), sum(await world.refunds(keys))];
  // Money captured is that of paid orders and what was given back; nothing waits, and our books are the provider's.
  expect(captured - refunded).toBe(status === 'PAID' ? 1000 : 0);
  expect(payments.filter((payment) => payment.status === 'PENDING')).toEqual([]);
  expect(payments.reduce((total, { refundedMinor }) => total + Number(refundedMinor), 0)).toBe(refunded);
  // Who was told that the order is paid was told the truth.
  const paidIt = payments.some(
    (payment) => payment.failureReason === null && (payment.status === 'SUCCEEDED' || payment.status === 'REFUNDED'),
  );
  expect(outcomes.some(({ kind }) => kind === 'paid')).toBe(paidIt);
  if (captured === 0) return `${status}, not charged`;
  return paidIt ? `${status}, was paid` : `${status}, came too late`;
}

const ROUNDS = chooseSize({ short: 30, long: 240 });
const momentOf = (round: number) => moments[round % moments.length] ?? 'at once';

test('paying and cancelling at once: paid, or given back', async () => {
  const ends = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    ends.add(
      await race(
        momentOf(round),
        ({ id, customerId }) => cancelOrder(world.dependencies(), { orderId: id }, viewer(customerId)),
        ['tok_visa', 'tok_visa'],
      ),
    );
  }
  expect([...ends].sort()).toEqual(['CANCELLED, came too late', 'CANCELLED, not charged', 'CANCELLED, was paid']); // all of them happened
});

test('paying and expiring at once: one of them', async () => {
  const ends = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    ends.add(
      await race(
        momentOf(round),
        async ({ id }) => {
          await world.database.client.order.updateMany({
            where: { id, status: 'RESERVED' },
            data: { reservedUntil: new Date(0) },
          });
          await Promise.all([expireOrders(world.dependencies()), expireOrders(world.dependencies())]);
        },
        ['tok_visa'],
      ),
    );
  }
  // One that is being paid does not expire.
  expect([...ends].sort()).toEqual(['EXPIRED, not charged', 'PAID, was paid']);
});
