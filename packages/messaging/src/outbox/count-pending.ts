import type { SqlExecutor } from '../sql.ts';

/** How many events wait to be published: what a metric of the relay's backlog shows. */
export async function countPendingEvents(sql: SqlExecutor): Promise<number> {
  const rows = await sql.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL',
  );
  return rows[0]?.count ?? 0;
}
