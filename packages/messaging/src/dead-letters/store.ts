import { uuidv7 } from 'uuidv7';
import type { EventHeaders } from '../event.ts';
import type { SqlExecutor } from '../sql.ts';

// The same message may become a dead letter again, for example when the broker lost it and got it once more.
const insert = `
INSERT INTO dead_letters (id, consumer, stream, stream_sequence, message_id, type, payload, headers, error, deliveries)
VALUES ($1::text::uuid, $2::text, $3::text, $4::text::bigint, $5::text, $6::text, decode($7::text, 'base64'), $8::text::jsonb, $9::text,
  $10::int)
ON CONFLICT (consumer, message_id) DO UPDATE SET
  stream = excluded.stream, stream_sequence = excluded.stream_sequence, type = excluded.type, payload = excluded.payload,
  headers = excluded.headers, error = excluded.error, deliveries = excluded.deliveries, failed_at = clock_timestamp(),
  resend_requested_at = NULL, resolved_at = NULL`;

/** Stores a message that could not be handled. */
export async function storeDeadLetter(
  sql: SqlExecutor,
  message: {
    readonly stream: string;
    readonly streamSequence: number;
    readonly type: string;
    readonly body: Uint8Array;
    readonly headers: EventHeaders;
  },
  failure: {
    readonly consumer: string;
    readonly messageId: string;
    readonly error: unknown;
    /** The number of attempts. */
    readonly deliveries: number;
  },
): Promise<void> {
  await sql.query(insert, [
    uuidv7(),
    failure.consumer,
    message.stream,
    String(message.streamSequence),
    failure.messageId,
    message.type,
    Buffer.from(message.body).toString('base64'),
    JSON.stringify(message.headers),
    describeError(failure.error),
    failure.deliveries,
  ]);
}

const maxDescriptionLength = 8_000;

/** Returns an error as text for an operator: its stack, and the stacks of its causes. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let current = error, depth = 0; current !== undefined && depth < 5; depth += 1) {
    parts.push(current instanceof Error ? (current.stack ?? `${current.name}: ${current.message}`) : String(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  // PostgreSQL's text cannot hold a zero byte.
  return parts.join('\ncaused by ').replaceAll('\0', '').slice(0, maxDescriptionLength);
}
