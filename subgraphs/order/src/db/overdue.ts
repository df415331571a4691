import { sqlOver } from '@shop/subgraph';
import type { Database } from './database.ts';

interface Counts {
  readonly orders: number;
  readonly payments: number;
  readonly refunds: number;
}

/** Counts what has waited for longer than the given milliseconds: for stock, for a payment's outcome, for a refund. */
export async function countOverdue(
  { database }: { readonly database: Database },
  maxAgeMs: number,
): Promise<Record<string, number>> {
  const [counts] = await sqlOver(database.client).query<Counts>(
    `WITH due AS (SELECT clock_timestamp() - make_interval(secs => $1::float8) AS time)
    SELECT (SELECT count(*) FROM orders, due WHERE status = 'PENDING' AND placed_at < time)::int AS orders,
           (SELECT count(*) FROM payments, due WHERE status = 'PENDING' AND charge_until < time)::int AS payments,
           (SELECT count(*) FROM refunds, due WHERE status = 'PENDING' AND created_at < time)::int AS refunds`,
    [maxAgeMs / 1_000],
  );
  const { orders = 0, payments = 0, refunds = 0 } = counts ?? {};
  return { 'pending orders': orders, 'pending payments': payments, 'pending refunds': refunds };
}
