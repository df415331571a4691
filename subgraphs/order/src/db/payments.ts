import { sqlOver, uuidv7, type RawSqlClient } from '@shop/subgraph';
import type { Order } from '../domain/order.ts';
import type { Payment, PaymentWish } from '../domain/payment.ts';
import { noteCommitted } from './committed-changes.ts';
import type { Transaction } from './database.ts';
import { lockOrder } from './order-changes.ts';

/** The provider may charge for an attempt during CHARGE_WINDOW, which exceeds its response time. After MARGIN the attempt is over. */
const CHARGE_WINDOW = "interval '10 seconds'";
const MARGIN = "interval '5 seconds'";
/** The time for which a claim of due payments is exclusive. */
const LEASE = "interval '5 seconds'";

// The database's clock decides, so that the clocks of processes need not agree.
const columns = `
  p.id::text, p.order_id::text AS "orderId", p.idempotency_key AS "idempotencyKey", p.fingerprint, p.status::text,
  p.amount_minor::float8 AS "amountMinor", p.currency_code::text AS "currencyCode", p.refunded_minor::float8 AS "refundedMinor",
  (SELECT coalesce(sum(r.amount_minor), 0)::float8 FROM refunds r WHERE r.payment_id = p.id AND r.status = 'PENDING') AS "refundingMinor",
  p.method, p.failure_reason AS "failureReason", p.actor_id::text AS "actorId", p.charge_until AS "chargeUntil",
  p.charge_until + ${MARGIN} < clock_timestamp() AS "isOver", p.created_at AS "createdAt"`;

/** Loads the payments of these orders, oldest first. */
export function loadPayments(client: RawSqlClient, orderIds: readonly string[]): Promise<Payment[]> {
  return sqlOver(client).query<Payment>(
    `SELECT ${columns} FROM every_payment p WHERE p.order_id = ANY($1::uuid[]) ORDER BY p.created_at, p.id`,
    [orderIds],
  );
}

/** Loads a payment and locks its order. Every change of an order's payments and refunds takes this lock. */
export async function lockPayment(tx: Transaction, orderId: string, paymentId: string) {
  const order = await lockOrder(tx, orderId);
  // A separate statement: after waiting for the lock, it sees what was committed in the meantime.
  const payment = (await loadPayments(tx, [orderId])).find(({ id }) => id === paymentId);
  if (!order || !payment) throw new Error(`Payment ${paymentId} of order ${orderId} does not exist.`);
  return { order, payment };
}

/** Inserts a PENDING attempt to pay the whole order. */
export async function insertPayment(
  tx: Transaction,
  order: Order,
  wish: PaymentWish,
  actorId: string,
  at: Date,
): Promise<Payment> {
  const rows = await sqlOver(tx).query<Payment>(
    `INSERT INTO payments AS p (id, order_id, idempotency_key, fingerprint, status, amount_minor, currency_code, method, actor_id,
       charge_until, due_at, created_at, updated_at)
     VALUES ($1::uuid, $2::uuid, $3, $4, 'PENDING', $5::bigint, $6, 'card', $7::uuid,
       clock_timestamp() + ${CHARGE_WINDOW}, clock_timestamp() + ${CHARGE_WINDOW} + ${MARGIN}, $8::timestamptz, $8::timestamptz)
     RETURNING ${columns}`,
    [uuidv7(), order.id, wish.idempotencyKey, wish.fingerprint, order.totalMinor, order.currencyCode, actorId, at],
  );
  return rows[0] as Payment;
}

/**
 * Lets one more try share an attempt that is in progress, with the same time limit. The attempt's own limit moves by
 * the smallest step: a single try can then no longer report for the others that nothing was charged.
 */
export async function joinPayment(tx: Transaction, payment: Payment): Promise<Payment> {
  await sqlOver(tx).query(
    `UPDATE payments SET charge_until = charge_until + interval '1 millisecond' WHERE id = $1::uuid`,
    [payment.id],
  );
  return payment;
}

/** Reopens an attempt that charged nothing: it is PENDING again, with a new time limit. */
export async function reopenPayment(tx: Transaction, payment: Payment, at: Date): Promise<Payment> {
  const rows = await sqlOver(tx).query<Payment>(
    `UPDATE payments AS p SET status = 'PENDING', failure_reason = NULL, charge_until = clock_timestamp() + ${CHARGE_WINDOW},
       due_at = clock_timestamp() + ${CHARGE_WINDOW} + ${MARGIN}, updated_at = $2::timestamptz
     WHERE p.id = $1::uuid RETURNING ${columns}`,
    [payment.id, at],
  );
  return rows[0] as Payment;
}

/** Writes the outcome of an attempt. The caller has locked the order. */
export async function savePayment(tx: Transaction, { id, status, failureReason }: Payment, at: Date): Promise<void> {
  await sqlOver(tx).query(
    'UPDATE payments SET status = $2::"PaymentStatus", failure_reason = $3, updated_at = $4::timestamptz WHERE id = $1::uuid',
    [id, status, failureReason, at],
  );
  noteCommitted(tx, { kind: 'payment', status });
}

/** Makes a PENDING attempt due for look-up soon, instead of after its time limit. */
export async function hurryPayment(client: RawSqlClient, paymentId: string): Promise<void> {
  await sqlOver(client).query(
    `UPDATE payments SET due_at = clock_timestamp() WHERE id = $1::uuid AND status = 'PENDING'`,
    [paymentId],
  );
}

/** Claims up to `limit` PENDING attempts that are due. They are due again later unless they have an outcome by then. */
export function claimDuePayments(client: RawSqlClient, limit: number): Promise<Payment[]> {
  return sqlOver(client).query<Payment>(
    `WITH due AS MATERIALIZED (
       SELECT id FROM payments WHERE status = 'PENDING' AND due_at <= clock_timestamp() ORDER BY due_at LIMIT $1::int FOR UPDATE SKIP LOCKED
     )
     UPDATE payments AS p SET due_at = clock_timestamp() + ${LEASE} FROM due WHERE p.id = due.id RETURNING ${columns}`,
    [limit],
  );
}
