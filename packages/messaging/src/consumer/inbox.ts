import type { SqlExecutor } from '../sql.ts';

// A dead letter of the same message is dealt with by the same transaction: it may come again by itself, and succeed.
const claim = `
WITH resolved AS (
  UPDATE dead_letters SET resolved_at = clock_timestamp(), resend_requested_at = NULL
  WHERE consumer = $1::text AND message_id = $2::text AND resolved_at IS NULL
), claimed AS (
  INSERT INTO inbox (consumer, message_id) VALUES ($1::text, $2::text::uuid) ON CONFLICT DO NOTHING RETURNING 1
)
SELECT count(*)::int AS claimed FROM claimed`;

/**
 * Claims a message for the transaction that has its effect.
 *
 * @returns False when an earlier delivery already had its effect. Waits for a transaction that claims the same message right now.
 */
export async function claimMessage(sql: SqlExecutor, consumer: string, messageId: string): Promise<boolean> {
  const rows = await sql.query<{ claimed: number }>(claim, [consumer, messageId]);
  return rows[0]?.claimed === 1;
}
