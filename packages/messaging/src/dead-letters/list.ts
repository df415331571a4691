import type { SqlExecutor } from '../sql.ts';

/** A message that could not be handled. */
export interface DeadLetter {
  readonly id: string;
  /** Durable name of the consumer. */
  readonly consumer: string;
  readonly stream: string;
  /** Decimal digits. */
  readonly streamSequence: string;
  readonly messageId: string;
  readonly type: string;
  /** The body as it was received. */
  readonly payload: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** The last error, with its stack. */
  readonly error: string;
  /** The number of attempts. */
  readonly deliveries: number;
  readonly failedAt: Date;
  readonly resendRequestedAt: Date | null;
  readonly resolvedAt: Date | null;
}

/** Selects the dead letters to list. */
export interface DeadLetterFilter {
  /** Default: all consumers. */
  readonly consumer?: string;
  /** True also lists dead letters that are resolved. Default: false. */
  readonly resolved?: boolean;
  /** Lists only dead letters after this id. Default: from the first. */
  readonly after?: string;
  /** Default: 100. */
  readonly limit?: number;
}

const select = `
SELECT id::text AS id, consumer, stream, stream_sequence::text AS "streamSequence", message_id AS "messageId", type,
  encode(payload, 'base64') AS payload, headers, error, deliveries, failed_at AS "failedAt",
  resend_requested_at AS "resendRequestedAt", resolved_at AS "resolvedAt"
FROM dead_letters
WHERE ($1::text IS NULL OR consumer = $1::text) AND ($2::boolean OR resolved_at IS NULL) AND ($3::text IS NULL OR id > $3::text::uuid)
ORDER BY id LIMIT $4::int`;

/** Lists dead letters in the order in which they first failed. */
export async function listDeadLetters(sql: SqlExecutor, filter: DeadLetterFilter = {}): Promise<DeadLetter[]> {
  const { consumer = null, resolved = false, after = null, limit = 100 } = filter;
  const rows = await sql.query<DeadLetter & { payload: string }>(select, [consumer, resolved, after, limit]);
  return rows.map((row) => ({ ...row, payload: Buffer.from(row.payload, 'base64') }));
}

const count = `
SELECT count(*)::int AS count FROM dead_letters WHERE resolved_at IS NULL AND ($1::text IS NULL OR consumer = $1::text)`;

/** Counts unresolved dead letters, for a metric and its alert. */
export async function countDeadLetters(sql: SqlExecutor, consumer?: string): Promise<number> {
  const rows = await sql.query<{ count: number }>(count, [consumer ?? null]);
  return rows[0]?.count ?? 0;
}
