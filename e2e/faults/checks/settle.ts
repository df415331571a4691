import { setTimeout as pause } from 'node:timers/promises';
import { findFollowers, serviceNames } from '@shop/contracts';
import { findUnconfirmed } from '@shop/messaging';
import type { Evidence } from './check.ts';
import { countHeld } from './stock.ts';

/** The work in progress. Each count is 0 once the system has settled. */
export type Unsettled = Readonly<Record<string, number>>;

/** Counts the work in progress in the three databases. @throws when one of them cannot be read */
export async function countUnsettled({ databases }: Pick<Evidence, 'databases'>): Promise<Unsettled> {
  const count = async (name: 'user' | 'product' | 'order', table: string, condition: string): Promise<number> =>
    (
      await databases.query<{ count: number }>(name, `SELECT count(*)::int AS count FROM ${table} WHERE ${condition}`)
    )[0]?.count ?? -1;
  const [user, product, order, orders, payments, refunds] = (await Promise.all([
    ...(['user', 'product', 'order'] as const).map((name) => count(name, 'outbox', 'published_at IS NULL')),
    count('order', 'orders', `status = 'PENDING'`),
    count('order', 'payments', `status = 'PENDING'`),
    count('order', 'refunds', `status = 'PENDING'`),
  ])) as [number, number, number, number, number, number];
  return {
    'events of user': user,
    'events of product': product,
    'events of order': order,
    'pending orders': orders,
    'pending payments': payments,
    'pending refunds': refunds,
  };
}

/** Polls until `check` reports nothing, or until the timeout. Then it returns the last report. */
export async function within(deadline: number, check: () => Promise<string | null>): Promise<string | null> {
  for (;;) {
    const complaint = await check().catch((error: Error) => error.message);
    if (complaint === null || Date.now() > deadline) return complaint;
    await pause(250);
  }
}

/** Waits until no work is in progress, and the stock knows of every order that has ended. */
export function untilSettled(evidence: Evidence, deadline: number): Promise<string | null> {
  return within(deadline, async () => {
    const waiting = Object.entries(await countUnsettled(evidence)).filter(([, count]) => count !== 0);
    if (waiting.length > 0)
      return `still on their way: ${waiting.map(([what, count]) => `${count} ${what}`).join(', ')}`;
    const { byOrders, byStock } = await countHeld(evidence);
    return byOrders === byStock ? null : `orders hold ${byOrders} units, and the stock says ${byStock}`;
  });
}

/** Waits until every follower has confirmed every event of the outboxes. */
export function untilConfirmed({ databases }: Pick<Evidence, 'databases'>, deadline: number): Promise<string | null> {
  return within(deadline, async () => {
    const found = await Promise.all(
      serviceNames.map((name) => {
        const sql = { query: <Row>(text: string, values?: unknown[]) => databases.query<Row>(name, text, values) };
        return findUnconfirmed(sql, findFollowers(name), 0);
      }),
    );
    const texts = found.flat().map(({ follower, events }) => `${follower} has not confirmed ${events} events`);
    return texts.length === 0 ? null : texts.join(', ');
  });
}

/**
 * Waits until orders hold every unit, according to both orders and stock. Then the units equal the supply.
 * `onCount` gets the number of remaining units.
 */
export function untilSoldOut(
  evidence: Evidence,
  deadline: number,
  onCount: (unitsLeft: number) => void,
): Promise<string | null> {
  return within(deadline, async () => {
    const { byOrders, byStock } = await countHeld(evidence);
    const { units } = evidence;
    onCount(Math.max(1, units - byOrders));
    return byOrders === units && byStock === units
      ? null
      : `orders hold ${byOrders} of ${units} units, and the stock says ${byStock}`;
  });
}
