import { insertIntoOutbox, outboxRows, type OutboxEvent } from '@shop/messaging';
import { appendAudit, sqlOver, type RawSqlClient } from '@shop/subgraph';
import type { Payment } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';
import { noteCommitted } from './committed-changes.ts';
import type { Transaction } from './database.ts';

/**
 * The time for which a claim of a refund is exclusive. The process that records a refund carries it out at once.
 */
const LEASE = "interval '5 seconds'";

const columns = `r.id::text, r.payment_id::text AS "paymentId", r.order_id::text AS "orderId",
  r.amount_minor::float8 AS "amountMinor", r.reason`;

/** Who requested a refund and with which key. Null for refunds by the system. */
export interface RefundWish {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
  readonly actorId: string;
}

/** Loads the refund that was recorded with a key, with the fingerprint of its input. */
export async function loadRefundByKey(tx: Transaction, orderId: string, idempotencyKey: string) {
  const rows = await sqlOver(tx).query<Refund & { fingerprint: string }>(
    `SELECT ${columns}, r.fingerprint FROM refunds r WHERE r.order_id = $1::uuid AND r.idempotency_key = $2`,
    [orderId, idempotencyKey],
  );
  return rows[0] ?? null;
}

/** Inserts PENDING refunds, with entries in the audit log. The caller has locked the order. */
export async function insertRefunds(
  tx: Transaction,
  refunds: readonly Refund[],
  wish: RefundWish | null,
  at: Date,
): Promise<void> {
  if (refunds.length === 0) return;
  await appendAudit(
    tx,
    refunds.map(({ id, orderId, paymentId, amountMinor }) => ({
      actorId: wish?.actorId ?? null,
      action: 'REFUND_REQUESTED',
      subjectId: orderId,
      details: { refundId: id, paymentId, amountMinor },
    })),
    at,
  );
  await sqlOver(tx).query(
    `INSERT INTO refunds (id, payment_id, order_id, idempotency_key, fingerprint, status, amount_minor, reason, actor_id,
                          due_at, created_at, updated_at)
     SELECT id, "paymentId", "orderId", $2, $3, 'PENDING', "amountMinor", reason, $4::uuid,
            clock_timestamp() + ${LEASE}, $5::timestamptz, $5::timestamptz
       FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, "paymentId" uuid, "orderId" uuid, "amountMinor" bigint, reason text)`,
    [JSON.stringify(refunds), wish?.idempotencyKey ?? null, wish?.fingerprint ?? null, wish?.actorId ?? null, at],
  );
}

/** Returns whether a refund is still PENDING. The caller has locked the order. */
export async function isRefundPending(tx: Transaction, refundId: string): Promise<boolean> {
  const rows = await sqlOver(tx).query(`SELECT 1 FROM refunds WHERE id = $1::uuid AND status = 'PENDING'`, [refundId]);
  return rows.length > 0;
}

/**
 * Marks a PENDING refund that was recorded before a time as reported. Returns false when it is none, or was reported before. The caller
 * has locked the order.
 */
export async function markRefundReported(
  tx: Transaction,
  refundId: string,
  at: Date,
  recordedBefore: Date,
): Promise<boolean> {
  const rows = await sqlOver(tx).query(
    `UPDATE refunds SET failure_reported_at = $2::timestamptz
      WHERE id = $1::uuid AND status = 'PENDING' AND failure_reported_at IS NULL AND created_at <= $3::timestamptz RETURNING 1`,
    [refundId, at, recordedBefore],
  );
  return rows.length > 0;
}

const complete = `
WITH refund AS (
  UPDATE refunds SET status = 'SUCCEEDED', updated_at = $5::timestamptz WHERE id = $1::uuid
), payment AS (
  UPDATE payments SET refunded_minor = $3::bigint, status = $4::"PaymentStatus", updated_at = $5::timestamptz WHERE id = $2::uuid
)
${insertIntoOutbox('$6')}`;

/** Marks a refund as made, and writes its payment and its event. The caller has locked the order. */
export async function completeRefund(
  tx: Transaction,
  refund: Refund,
  payment: Payment,
  event: OutboxEvent,
  at: Date,
): Promise<void> {
  await sqlOver(tx).query(complete, [
    refund.id,
    payment.id,
    payment.refundedMinor,
    payment.status,
    at,
    outboxRows([event]),
  ]);
  noteCommitted(tx, { kind: 'refund' });
}

/** Claims up to `limit` PENDING refunds that are due. They are due again later unless they are made by then. */
export function claimDueRefunds(client: RawSqlClient, limit: number): Promise<Refund[]> {
  return sqlOver(client).query<Refund>(
    `WITH due AS MATERIALIZED (
       SELECT id FROM refunds WHERE status = 'PENDING' AND due_at <= clock_timestamp() ORDER BY due_at LIMIT $1::int FOR UPDATE SKIP LOCKED
     )
     UPDATE refunds AS r SET due_at = clock_timestamp() + ${LEASE} FROM due WHERE r.id = due.id RETURNING ${columns}`,
    [limit],
  );
}
