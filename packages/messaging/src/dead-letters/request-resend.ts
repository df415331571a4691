import type { SqlExecutor } from '../sql.ts';

/** Channel that tells running consumers of requests. */
export const resendChannel = 'dead_letters';

const update = `
WITH requested AS (
  UPDATE dead_letters SET resend_requested_at = clock_timestamp()
  WHERE resolved_at IS NULL AND ($1::text IS NULL OR id = ANY(string_to_array($1::text, ',')::uuid[]))
  RETURNING id
)
SELECT id::text AS id, pg_notify('${resendChannel}', '')::text FROM requested`;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Asks the running consumers to handle dead letters again. One that fails again keeps its place, with the new error.
 *
 * @returns Ids of those that will be handled again: dead letters that were dealt with since are not.
 * @throws TypeError when an id is none.
 */
export async function requestResend(sql: SqlExecutor, ids: readonly string[] | 'all'): Promise<string[]> {
  if (ids === 'all') return requested(sql, null);
  const wrong = ids.find((id) => !uuid.test(id));
  if (wrong !== undefined) throw new TypeError(`not the id of a dead letter: ${wrong}`);
  return ids.length === 0 ? [] : requested(sql, ids.join(','));
}

async function requested(sql: SqlExecutor, ids: string | null): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(update, [ids]);
  return rows.map((row) => row.id);
}
