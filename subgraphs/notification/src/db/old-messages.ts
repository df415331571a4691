import { type RawSqlClient, sqlOver } from '@shop/subgraph';

const BATCH = 1_000;

// The rows are found by their physical place (ctid): for a join by key, the planner would read the whole table.
const deleteFrom = (table: string, isDone: string) => `
  WITH old AS (
    SELECT ctid AS place FROM ${table} WHERE created_at < $1::timestamptz AND ${isDone}
     ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  ), deleted AS (DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT place FROM old)) RETURNING 1)
  SELECT count(*)::int AS count FROM deleted`;

const statements = [
  deleteFrom('notifications', `status <> 'QUEUED'`),
  deleteFrom('announcements', 'done_at IS NOT NULL'),
];

/** Deletes a batch of old messages. Returns how many, and whether there may be more. */
export async function deleteOldMessages(
  client: RawSqlClient,
  before: Date,
): Promise<{ deleted: number; hasMore: boolean }> {
  const counts: number[] = [];
  for (const statement of statements) {
    const [row] = await sqlOver(client).query<{ count: number }>(statement, [before]);
    counts.push(row?.count ?? 0);
  }
  return { deleted: counts.reduce((sum, count) => sum + count, 0), hasMore: counts.includes(BATCH) };
}
