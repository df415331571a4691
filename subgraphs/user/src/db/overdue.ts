import { sqlOver } from '@shop/subgraph';
import type { Database } from './database.ts';

/** Counts password resets that were asked for longer than the given milliseconds ago and have not begun. */
export async function countOverdue(
  { database }: { readonly database: Database },
  maxAgeMs: number,
): Promise<Record<string, number>> {
  const [counts] = await sqlOver(database.client).query<{ resets: number }>(
    `SELECT count(*)::int AS resets FROM asked_resets
    WHERE asked_at < clock_timestamp() - make_interval(secs => $1::float8)`,
    [maxAgeMs / 1_000],
  );
  return { 'password resets': counts?.resets ?? 0 };
}
