import { toEnvelope } from '../envelope.ts';
import type { OutboxEvent } from '../event.ts';
import type { SqlExecutor } from '../sql.ts';

/**
 * The SQL that stores events: for a change that is one statement, as one of its `WITH` parts.
 *
 * @param rows The parameter that has what `outboxRows` returned, such as `$3`.
 * @param condition Which of them are stored, by the columns of `event`, such as `aggregate_id IN (SELECT id::text FROM placed)`.
 */
export const insertIntoOutbox = (rows: string, condition = 'true'): string => `
INSERT INTO outbox (id, type, aggregate_id, payload, headers)
SELECT id, type, aggregate_id, payload, headers
FROM jsonb_to_recordset(${rows}::jsonb) AS event(position int, id uuid, type text, aggregate_id text, payload jsonb, headers jsonb)
WHERE ${condition} ORDER BY position`;

const insert = insertIntoOutbox('$1');

/** Events as the parameter of `insertIntoOutbox`. */
export function outboxRows(events: readonly OutboxEvent[]): string {
  return JSON.stringify(
    events.map((event, position) => ({
      position,
      id: event.id,
      type: event.type,
      aggregate_id: event.subject,
      payload: toEnvelope(event),
      headers: event.headers,
    })),
  );
}

/**
 * Stores events to be published, in one statement.
 *
 * @param sql Must run in the transaction of the change that the events tell of: both commit, or neither does.
 */
export async function appendToOutbox(sql: SqlExecutor, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length > 0) await sql.query(insert, [outboxRows(events)]);
}
