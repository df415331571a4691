import { toEnvelope } from '../envelope.ts';
import type { OutboxEvent } from '../event.ts';
import type { SqlExecutor } from '../sql.ts';
import { traceAppend } from '../tracing/current-trace.ts';

/**
 * Returns the SQL that stores events, for a change that is one statement: use it as one of the `WITH` parts.
 *
 * @param rows The parameter whose value comes from `outboxRows`, such as `$3`.
 * @param condition Selects the events to store, by the columns of `event`, such as `aggregate_id IN (SELECT id::text FROM placed)`.
 */
export const insertIntoOutbox = (rows: string, condition = 'true'): string => `
INSERT INTO outbox (id, type, aggregate_id, payload, headers)
SELECT id, type, aggregate_id, payload, headers
FROM jsonb_to_recordset(${rows}::jsonb) AS event(position int, id uuid, type text, aggregate_id text, payload jsonb, headers jsonb)
WHERE ${condition} ORDER BY position`;

const insert = insertIntoOutbox('$1');

/** Returns events as the parameter of `insertIntoOutbox`. */
export function outboxRows(events: readonly OutboxEvent[]): string {
  return JSON.stringify(
    events.map((event, position) => ({
      position,
      id: event.id,
      type: event.type,
      aggregate_id: event.subject,
      payload: toEnvelope(event),
      headers: traceAppend(event),
    })),
  );
}

/**
 * Stores events for the relay, in one statement.
 *
 * @param sql Must run in the transaction of the change that the events report, so that both commit or neither does.
 */
export async function appendToOutbox(sql: SqlExecutor, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length > 0) await sql.query(insert, [outboxRows(events)]);
}

/** Counts the events that are not published yet, for a metric of the relay's backlog. */
export async function countPendingEvents(sql: SqlExecutor): Promise<number> {
  const rows = await sql.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL',
  );
  return rows[0]?.count ?? 0;
}

/** Tells whether the outbox has events that the broker has not acknowledged. */
export async function hasPendingEvents(sql: SqlExecutor): Promise<boolean> {
  const rows = await sql.query('SELECT FROM outbox WHERE published_at IS NULL LIMIT 1');
  return rows.length > 0;
}
