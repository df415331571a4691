import type { Job } from '@shop/subgraph';
import { archiveOldOrders, type ArchiveAge } from '../use-cases/archive-orders.ts';
import { carryOutDueRefunds } from '../use-cases/carry-out-refunds.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { expireOrders } from '../use-cases/expire-orders.ts';
import { settleDuePayments } from '../use-cases/settle-payments.ts';

type Needs<Names extends keyof Dependencies> = Pick<Dependencies, 'database' | 'now' | Names>;

/** Expires reservations that were not paid in time, within about a second. */
export const expireReservations: Job<Needs<never>> = {
  name: 'expiring orders',
  everyMs: 1_000,
  work: async (dependencies) => (await expireOrders(dependencies)) > 0,
};

/** Settles payments whose outcome is unknown. */
export const settlePayments: Job<Needs<'payments'>> = {
  name: 'settling payments',
  everyMs: 1_000,
  work: settleDuePayments,
};

/** Carries out refunds that were not made at once. */
export const carryOutRefunds: Job<Needs<'payments'>> = {
  name: 'carrying out refunds',
  everyMs: 1_000,
  work: carryOutDueRefunds,
};

/** Moves old orders into the archive, if that is configured. */
export const archiveOrders: Job<Needs<never> & ArchiveAge> = {
  name: 'archiving orders',
  everyMs: 60_000,
  work: archiveOldOrders,
};

export const jobs = [expireReservations, settlePayments, carryOutRefunds, archiveOrders];
