import { toEnvelope } from '../envelope.ts';
import type { OutboxEvent } from '../event.ts';
import type { SqlExecutor } from '../sql.ts';

const insert = `
INSERT INTO outbox (id, type, aggregate_id, payload, headers)
SELECT id, type, aggregate_id, payload, headers
FROM jsonb_to_recordset($1::jsonb) AS event(position int, id uuid, type text, aggregate_id text, payload jsonb, headers jsonb)
ORDER BY position`;

/**
 * Stores events to be published, in one statement.
 *
 * @param sql Must run in the transaction of the change that the events tell of: both commit, or neither does.
 */
export async function appendToOutbox(sql: SqlExecutor, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event, position) => ({
    position,
    id: event.id,
    type: event.type,
    aggregate_id: event.subject,
    payload: toEnvelope(event),
    headers: event.headers,
  }));
  await sql.query(insert, [JSON.stringify(rows)]);
}
