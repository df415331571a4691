import { uuidv7 } from 'uuidv7';
import type { EventHeaders } from '../event.ts';
import type { SqlExecutor } from '../sql.ts';
import { describeError } from './describe-error.ts';

/** A message that is given up, and why. */
export interface GivenUpMessage {
  readonly consumer: string;
  readonly stream: string;
  readonly streamSequence: number;
  readonly messageId: string;
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers: EventHeaders;
  readonly error: unknown;
  readonly deliveries: number;
}

// The same message may be given up again, for example when the broker had lost it and got it once more.
const insert = `
INSERT INTO dead_letters (id, consumer, stream, stream_sequence, message_id, type, payload, headers, error, deliveries)
VALUES ($1::text::uuid, $2::text, $3::text, $4::text::bigint, $5::text, $6::text, decode($7::text, 'base64'), $8::text::jsonb, $9::text, $10::int)
ON CONFLICT (consumer, message_id) DO UPDATE SET
  stream = excluded.stream, stream_sequence = excluded.stream_sequence, type = excluded.type, payload = excluded.payload,
  headers = excluded.headers, error = excluded.error, deliveries = excluded.deliveries, failed_at = clock_timestamp(),
  resend_requested_at = NULL, resolved_at = NULL`;

/** Keeps a message that is given up. */
export async function storeDeadLetter(sql: SqlExecutor, message: GivenUpMessage): Promise<void> {
  await sql.query(insert, [
    uuidv7(),
    message.consumer,
    message.stream,
    String(message.streamSequence),
    message.messageId,
    message.type,
    Buffer.from(message.body).toString('base64'),
    JSON.stringify(message.headers),
    describeError(message.error),
    message.deliveries,
  ]);
}
