import type { EventHeaders } from '../event.ts';
import type { SqlExecutor } from '../sql.ts';

/** Makes the row of a follower, if it is not there. A new follower has confirmed nothing. */
export async function ensureFollower(sql: SqlExecutor, consumer: string): Promise<void> {
  await sql.query('INSERT INTO outbox_followers (consumer) VALUES ($1) ON CONFLICT DO NOTHING', [consumer]);
}

export interface FollowerRow {
  /** The follower has every event of its types up to this place of the outbox, but for the open ones. */
  readonly confirmed: bigint;
  /** Places, in rising order, at or before the confirmed one whose events the follower does not have yet. */
  readonly open: readonly string[];
}

/** Locks the row for this transaction. Returns undefined when another replica has it. */
export async function lockFollower(sql: SqlExecutor, consumer: string): Promise<FollowerRow | undefined> {
  const [row] = await sql.query<{ confirmed: string; open: string[] }>(
    `SELECT confirmed_sequence::text AS confirmed, open_sequences::text[] AS open FROM outbox_followers
     WHERE consumer = $1 FOR UPDATE SKIP LOCKED`,
    [consumer],
  );
  return row && { ...row, confirmed: BigInt(row.confirmed) };
}

export async function saveFollower(sql: SqlExecutor, consumer: string, row: FollowerRow): Promise<void> {
  await sql.query(
    `UPDATE outbox_followers SET confirmed_sequence = $2::bigint, open_sequences = $3::bigint[],
       checked_at = clock_timestamp() WHERE consumer = $1`,
    [consumer, String(row.confirmed), row.open],
  );
}

/** An event's place in the outbox, and its id. */
export interface OutboxPlace {
  readonly sequence: string;
  readonly id: string;
}

/** Loads the oldest places in a range, of the types that match a POSIX regular expression. */
export function loadPlaces(
  sql: SqlExecutor,
  range: { readonly after: bigint; readonly through: bigint; readonly types: string; readonly limit: number },
): Promise<OutboxPlace[]> {
  return sql.query(
    `SELECT sequence::text AS sequence, id::text AS id FROM outbox
     WHERE sequence > $1::bigint AND sequence <= $2::bigint AND type ~ $3 ORDER BY outbox.sequence LIMIT $4`,
    [String(range.after), String(range.through), range.types, range.limit],
  );
}

/** Loads those of the open places that match a POSIX regular expression: the follower may follow fewer types now. */
export function loadOpenPlaces(sql: SqlExecutor, open: readonly string[], types: string): Promise<OutboxPlace[]> {
  return sql.query(
    `SELECT sequence::text AS sequence, id::text AS id FROM outbox
     WHERE sequence = ANY($1::bigint[]) AND type ~ $2 ORDER BY outbox.sequence`,
    [open, types],
  );
}

/** An event as the outbox stores it. */
export interface StoredEvent extends OutboxPlace {
  readonly type: string;
  readonly headers: EventHeaders;
  /** The envelope. */
  readonly body: unknown;
  readonly bytes: number;
  readonly published: boolean;
}

/** Loads events by id, oldest first. */
export function loadEvents(sql: SqlExecutor, ids: readonly string[]): Promise<StoredEvent[]> {
  return sql.query(
    `SELECT sequence::text AS sequence, id::text AS id, type, headers, payload AS body,
       octet_length(payload::text) + octet_length(headers::text) AS bytes, published_at IS NOT NULL AS published
     FROM outbox WHERE id = ANY($1::uuid[]) ORDER BY outbox.sequence`,
    [ids],
  );
}
