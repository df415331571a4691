import type { SqlExecutor } from '../sql.ts';

// A dead letter of the same message is dealt with by the same transaction: it may come again by itself, and succeed.
// Sorted, so that replicas that claim the same messages wait for each other instead of deadlocking.
const claim = `
WITH received AS (
  SELECT id FROM unnest(string_to_array($2::text, ',')::uuid[]) AS id ORDER BY id
), resolved AS (
  UPDATE dead_letters SET resolved_at = clock_timestamp(), resend_requested_at = NULL
  WHERE consumer = $1::text AND message_id = ANY(string_to_array($2::text, ',')) AND resolved_at IS NULL
), claimed AS (
  INSERT INTO inbox (consumer, message_id) SELECT $1::text, id FROM received ON CONFLICT DO NOTHING RETURNING message_id
)
SELECT message_id::text AS id FROM claimed`;

/**
 * Claims messages for the transaction that has their effects.
 *
 * @returns Ids of those that no earlier delivery had its effect for. Waits for a transaction that claims one of them right now.
 */
export async function claimMessages(
  sql: SqlExecutor,
  consumer: string,
  messageIds: readonly string[],
): Promise<Set<string>> {
  if (messageIds.length === 0) return new Set();
  const rows = await sql.query<{ id: string }>(claim, [consumer, messageIds.join(',')]);
  return new Set(rows.map(({ id }) => id));
}
