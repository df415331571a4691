import { setTimeout as pause } from 'node:timers/promises';
import { findFollowers, type ServiceName, serviceNames } from '@shop/contracts';
import { findUnconfirmed } from '@shop/messaging';
import type { Evidence } from './check.ts';
import { countHeld } from './stock.ts';

/** The work in progress. Each count is 0 once the system has settled. */
export type Unsettled = Readonly<Record<string, number>>;

const queuedMessages = 'queued messages';

/** Tables, and the condition of their rows that are in progress. */
const inProgress: readonly (readonly [what: string, database: ServiceName, table: string, condition: string])[] = [
  ...serviceNames.map((name) => [`events of ${name}`, name, 'outbox', 'published_at IS NULL'] as const),
  ['pending orders', 'order', 'orders', `status = 'PENDING'`],
  ['pending payments', 'order', 'payments', `status = 'PENDING'`],
  ['pending refunds', 'order', 'refunds', `status = 'PENDING'`],
  [queuedMessages, 'notification', 'notifications', `status = 'QUEUED'`],
  ['messages to the staff', 'notification', 'announcements', 'done_at IS NULL'],
];

/** Counts the work in progress in all databases. @throws when one of them cannot be read */
export async function countUnsettled({ databases }: Pick<Evidence, 'databases'>): Promise<Unsettled> {
  const counts = inProgress.map(async ([what, database, table, condition]): Promise<[string, number]> => {
    const text = `SELECT count(*)::int AS count FROM ${table} WHERE ${condition}`;
    const [row] = await databases.query<{ count: number }>(database, text);
    return [what, row?.count ?? -1];
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** Polls until `check` reports nothing, or until the timeout. Then it returns the last report. */
export async function within(deadline: number, check: () => Promise<string | null>): Promise<string | null> {
  for (;;) {
    const asked = performance.now();
    const complaint = await check().catch((error: Error) => error.message);
    if (complaint === null || Date.now() > deadline) return complaint;
    // A check that reads much must not take the processors from the work that it waits for.
    await pause(Math.min(Math.max(250, 2 * (performance.now() - asked)), 1_000));
  }
}

/** The time in which some of the queued messages must be sent, for the wait to go on. */
const SENDING_MS = 10_000;

/**
 * Waits until no work is in progress, and the stock knows of every order that has ended. How many messages a machine sends in a time is
 * a matter of its speed: when only they are left at the deadline, the wait goes on as long as they become fewer.
 */
export async function untilSettled(evidence: Evidence, deadline: number): Promise<string | null> {
  let waiting: [what: string, count: number][] = [];
  const check = async (): Promise<string | null> => {
    waiting = Object.entries(await countUnsettled(evidence)).filter(([, count]) => count !== 0);
    if (waiting.length > 0)
      return `still on their way: ${waiting.map(([what, count]) => `${count} ${what}`).join(', ')}`;
    const { byOrders, byStock } = await countHeld(evidence);
    return byOrders === byStock ? null : `orders hold ${byOrders} units, and the stock says ${byStock}`;
  };
  /** The messages that wait, if nothing else does. */
  const messagesLeft = (): number => {
    const [[what, count] = ['', 0], ...others] = waiting;
    return what === queuedMessages && others.length === 0 ? count : Infinity;
  };
  let complaint = await within(deadline, check);
  for (let before = Infinity; complaint !== null && messagesLeft() < before;) {
    before = messagesLeft();
    complaint = await within(Date.now() + SENDING_MS, check);
  }
  return complaint;
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
