import { type RawSqlClient, sqlOver } from '@shop/subgraph';
import type { MessageContent } from '../domain/message.ts';
import type { Channel, Lane, Topic } from '../domain/notification.ts';

/** A message that this process may send until its claim ends. */
export interface ClaimedMessage {
  readonly id: string;
  readonly template: string;
  readonly topic: Topic;
  readonly channel: Channel;
  readonly recipientId: string | null;
  readonly orderId: string | null;
  readonly content: MessageContent | null;
  readonly attempts: number;
  readonly claimId: string;
  /** Set when an earlier claim ended after the message was handed over: it may have been sent. */
  readonly handedOverAt: Date | null;
  /** The trace of its event. */
  readonly traceparent: string | null;
}

/** The time for which a claim is exclusive: enough to ask other services and to write the message. */
const CLAIM_SECONDS = 30;
/** How often the sender of a message renews its claim, in milliseconds. A frozen process may miss one or two. */
export const RENEW_EVERY_MS = 8_000;

const topicsOf: Readonly<Record<Lane, string>> = { urgent: "= 'ACCOUNT'", normal: "<> 'ACCOUNT'" };

// A message about an order waits for the earlier ones that are not done, by the same channel. They are found by their order alone: as text,
// the status offers no index, by which all that waits would be read for each message when statistics say that nothing waits.
const claim = (lane: Lane) => `
  WITH due AS MATERIALIZED (
    SELECT id FROM notifications AS n
     WHERE status = 'QUEUED' AND topic ${topicsOf[lane]} AND ready_at <= clock_timestamp() AND due_at <= clock_timestamp()
       AND (order_id IS NULL OR NOT EXISTS (
         SELECT FROM notifications AS earlier WHERE earlier.order_id = n.order_id AND earlier.status::text = 'QUEUED'
            AND (earlier.position, earlier.id) < (n.position, n.id) AND earlier.channel = n.channel))
     ORDER BY ready_at LIMIT $1::int FOR UPDATE SKIP LOCKED
  )
  UPDATE notifications AS n SET claim_id = gen_random_uuid(), due_at = clock_timestamp() + interval '${CLAIM_SECONDS} seconds'
    FROM due WHERE n.id = due.id
  RETURNING n.id::text, n.template, n.topic::text, n.channel::text, n.recipient_id::text AS "recipientId", n.order_id::text AS "orderId",
            n.content, n.attempts, n.claim_id::text AS "claimId", n.handed_over_at AS "handedOverAt",
            n.traceparent`;

/** Claims up to `limit` messages that are due. Any number of processes may do so: each message is claimed by one. */
export const claimDue = (client: RawSqlClient, lane: Lane, limit: number): Promise<ClaimedMessage[]> =>
  sqlOver(client).query<ClaimedMessage>(claim(lane), [limit]);

/** A claimed message, and the facts about it that are known once it is written. */
export interface HandOver extends Pick<ClaimedMessage, 'id' | 'claimId'> {
  readonly recipientId: string;
  readonly subject: string;
  readonly unsubscribeSecretHash: string | null;
}

/**
 * Records that messages are handed over now. Returns the ids of those that may be: of the others, the claim has ended, or the recipient
 * was erased. From here until the outcome is recorded, nobody knows whether a message was sent.
 */
export async function markHandedOver(
  client: RawSqlClient,
  handOvers: readonly HandOver[],
): Promise<ReadonlySet<string>> {
  const rows = await sqlOver(client).query<{ id: string }>(
    `UPDATE notifications AS n SET handed_over_at = clock_timestamp(), attempts = attempts + 1, recipient_id = h."recipientId",
            subject = h.subject, unsubscribe_secret_hash = h."unsubscribeSecretHash",
            due_at = clock_timestamp() + interval '${CLAIM_SECONDS} seconds'
       FROM jsonb_to_recordset($1::jsonb)
         AS h(id uuid, "claimId" uuid, "recipientId" uuid, subject text, "unsubscribeSecretHash" text)
      WHERE n.id = h.id AND n.claim_id = h."claimId" AND n.handed_over_at IS NULL RETURNING n.id::text`,
    [JSON.stringify(inOrder(handOvers, ({ id }) => id))],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Statements that lock the same rows take them in the same order, so that they do not wait for each other in a circle. */
const inOrder = <Item>(items: readonly Item[], idOf: (item: Item) => string): Item[] =>
  [...items].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));

/** Extends the claim of a message that is being handed over. */
export async function renewClaim(
  client: RawSqlClient,
  { id, claimId }: Pick<ClaimedMessage, 'id' | 'claimId'>,
): Promise<void> {
  await sqlOver(client).query(
    `UPDATE notifications SET due_at = clock_timestamp() + interval '${CLAIM_SECONDS} seconds'
      WHERE id = $1::uuid AND claim_id = $2::uuid`,
    [id, claimId],
  );
}

/** The recipient of a message that is done is forgotten when the account was erased meanwhile. The notice of a deletion is such a one. */
const forgetErased = `(recipient_id, subject) = (
  SELECT n.recipient_id, n.subject WHERE NOT EXISTS (SELECT FROM erased_accounts AS e WHERE e.user_id = n.recipient_id))`;

/** Records that messages were accepted. That is true whatever has become of their claims. */
export async function markSent(client: RawSqlClient, ids: readonly string[]): Promise<void> {
  await sqlOver(client).query(
    `UPDATE notifications AS n SET status = 'SENT', sent_at = clock_timestamp(), content = NULL, last_error = NULL, claim_id = NULL,
            ${forgetErased} WHERE id = ANY($1::uuid[])`,
    [inOrder(ids, (id) => id)],
  );
}

/** Records that a message is not sent for a reason that is no failure. */
export async function markSuppressed(
  client: RawSqlClient,
  { id, claimId }: Pick<ClaimedMessage, 'id' | 'claimId'>,
  reason: string,
): Promise<void> {
  await sqlOver(client).query(
    `UPDATE notifications AS n SET status = 'SUPPRESSED', content = NULL, last_error = $3, claim_id = NULL, ${forgetErased}
      WHERE id = $1::uuid AND claim_id = $2::uuid`,
    [id, claimId, reason],
  );
}

/** Records that a message has failed for good. Its content stays, so that it can be sent again by hand. */
export async function markFailed(
  client: RawSqlClient,
  { id, claimId }: Pick<ClaimedMessage, 'id' | 'claimId'>,
  error: string,
): Promise<void> {
  await sqlOver(client).query(
    `UPDATE notifications AS n SET status = 'FAILED', last_error = $3, claim_id = NULL, ${forgetErased}
      WHERE id = $1::uuid AND claim_id = $2::uuid`,
    [id, claimId, error],
  );
}

/** Lets a message wait: it was surely not sent. It is due again after the pause, or at once for a process that stops. */
export async function postpone(
  client: RawSqlClient,
  { id, claimId }: Pick<ClaimedMessage, 'id' | 'claimId'>,
  { error, pauseMs }: { readonly error: string | null; readonly pauseMs: number },
): Promise<void> {
  await sqlOver(client).query(
    `UPDATE notifications AS n SET claim_id = NULL, handed_over_at = NULL, last_error = coalesce($3, last_error),
            due_at = again.at, ready_at = again.at
       FROM (SELECT clock_timestamp() + make_interval(secs => $4::float8) AS at) AS again
      WHERE id = $1::uuid AND claim_id = $2::uuid`,
    [id, claimId, error, pauseMs / 1000],
  );
}
