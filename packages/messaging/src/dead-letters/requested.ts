import type { Message } from '../consumer/message.ts';
import type { SqlExecutor } from '../sql.ts';
import { describeError } from './describe-error.ts';

/** A dead letter that an operator wants handled again. */
export interface RequestedLetter extends Message {
  readonly id: string;
}

const open = 'resolved_at IS NULL AND resend_requested_at IS NOT NULL';

const select = `
SELECT id::text AS id, type, encode(payload, 'base64') AS payload, headers FROM dead_letters
WHERE consumer = $1::text AND ${open} AND ($2::text IS NULL OR id > $2::text::uuid) ORDER BY id LIMIT 100`;

/** The next requested letters of a consumer after the given id, oldest first. */
export async function loadRequested(
  sql: SqlExecutor,
  consumer: string,
  after: string | null,
): Promise<RequestedLetter[]> {
  type Row = { id: string; type: string; payload: string; headers: Record<string, string> };
  const rows = await sql.query<Row>(select, [consumer, after]);
  return rows.map(({ payload, ...row }) => ({ ...row, body: Buffer.from(payload, 'base64') }));
}

/** Locks a requested letter for this transaction; false when it is no longer requested, or another transaction has it. */
export async function lockRequested(sql: SqlExecutor, id: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT id::text AS id FROM dead_letters WHERE id = $1::text::uuid AND ${open} FOR UPDATE SKIP LOCKED`,
    [id],
  );
  return rows.length === 1;
}

const fail = `
UPDATE dead_letters SET error = $2::text, failed_at = clock_timestamp(), deliveries = deliveries + 1, resend_requested_at = NULL
WHERE id = $1::text::uuid AND ${open}`;

/** Keeps why a requested letter failed again; it has to be requested again. */
export async function recordFailure(sql: SqlExecutor, id: string, error: unknown): Promise<void> {
  await sql.query(fail, [id, describeError(error)]);
}

/** Records, in the transaction of the effect, that a letter is dealt with. */
export async function markResolved(sql: SqlExecutor, id: string): Promise<void> {
  await sql.query(
    'UPDATE dead_letters SET resolved_at = clock_timestamp() WHERE id = $1::text::uuid AND resolved_at IS NULL',
    [id],
  );
}
