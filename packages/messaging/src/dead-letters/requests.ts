import type { EventHeaders } from '../event.ts';
import type { SqlExecutor } from '../sql.ts';
import { describeError } from './store.ts';

/** PostgreSQL channel that wakes running consumers when a resend is requested. */
export const resendChannel = 'dead_letters';

const isRequested = 'resolved_at IS NULL AND resend_requested_at IS NOT NULL';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const request = `
WITH requested AS (
  UPDATE dead_letters SET resend_requested_at = clock_timestamp()
  WHERE resolved_at IS NULL AND ($1::text IS NULL OR id = ANY(string_to_array($1::text, ',')::uuid[]))
  RETURNING id
)
SELECT id::text AS id, pg_notify('${resendChannel}', '')::text FROM requested`;

/**
 * Asks the running consumers to handle dead letters again. A dead letter that fails again stays, with the new error.
 *
 * @returns Ids of the dead letters that will be handled again. Those that are already resolved are left out.
 * @throws TypeError when an id is not a UUID.
 */
export async function requestResend(sql: SqlExecutor, ids: readonly string[] | 'all'): Promise<string[]> {
  const invalid = ids === 'all' ? undefined : ids.find((id) => !uuid.test(id));
  if (invalid !== undefined)
    throw new TypeError(`${invalid} is not the id of a dead letter. List them to see their ids.`);
  if (ids.length === 0) return [];
  const rows = await sql.query<{ id: string }>(request, [ids === 'all' ? null : ids.join(',')]);
  return rows.map((row) => row.id);
}

/** A dead letter that an operator wants to be handled again. */
export interface RequestedLetter {
  readonly id: string;
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers: EventHeaders;
}

const select = `
SELECT id::text AS id, type, encode(payload, 'base64') AS payload, headers FROM dead_letters
WHERE consumer = $1::text AND ${isRequested} AND ($2::text IS NULL OR id > $2::text::uuid) ORDER BY id LIMIT 100`;

/** Loads the next requested dead letters of a consumer after the given id, oldest first. */
export async function loadRequested(
  sql: SqlExecutor,
  consumer: string,
  after: string | null,
): Promise<RequestedLetter[]> {
  type Row = { id: string; type: string; payload: string; headers: Record<string, string> };
  const rows = await sql.query<Row>(select, [consumer, after]);
  return rows.map(({ payload, ...row }) => ({ ...row, body: Buffer.from(payload, 'base64') }));
}

/** Locks a requested dead letter for this transaction. Returns false if it is not requested any more or another replica has it. */
export async function lockRequested(sql: SqlExecutor, id: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT id::text AS id FROM dead_letters WHERE id = $1::text::uuid AND ${isRequested} FOR UPDATE SKIP LOCKED`,
    [id],
  );
  return rows.length === 1;
}

const fail = `
UPDATE dead_letters SET error = $2::text, failed_at = clock_timestamp(), deliveries = deliveries + 1, resend_requested_at = NULL
WHERE id = $1::text::uuid AND ${isRequested}`;

/** Stores the error of a requested dead letter that failed again. It must be requested again. */
export async function recordFailure(sql: SqlExecutor, id: string, error: unknown): Promise<void> {
  await sql.query(fail, [id, describeError(error)]);
}

/** Marks a dead letter as resolved, in the transaction of its effect. */
export async function markResolved(sql: SqlExecutor, id: string): Promise<void> {
  await sql.query(
    'UPDATE dead_letters SET resolved_at = clock_timestamp() WHERE id = $1::text::uuid AND resolved_at IS NULL',
    [id],
  );
}
