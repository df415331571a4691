import { type Viewer } from '@shop/process';
import { fingerprint, issuesFrom, isUuid, plainLine, requiredText, uuidv7, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { changeOrders, lockOrderFor } from '../db/order-changes.ts';
import { loadPayments } from '../db/payments.ts';
import { insertRefunds, loadRefundByKey } from '../db/refunds.ts';
import { takeStep, type Order } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { Payment } from '../domain/payment.ts';
import { decideRefund, addPendingRefund, type Refund } from '../domain/refund.ts';
import { orderWasUpdated } from '../events/outgoing.ts';
import { carryOutRefunds } from './carry-out-refunds.ts';
import type { Dependencies } from './dependencies.ts';

const refundOrderInput = z.object({
  amount: z
    .int()
    .min(1)
    .nullish()
    .transform((amount) => amount ?? null),
  reason: requiredText(500),
  idempotencyKey: plainLine(200).trim().min(1),
});

export interface RefundOrderInput {
  readonly orderId: string;
  readonly amount?: number | null;
  readonly reason: string;
  readonly idempotencyKey: string;
}

type Accepted = { readonly kind: 'accepted'; readonly order: Order; readonly payment: Payment };
type Refused =
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'not-found'; readonly orderId: string }
  | { readonly kind: 'invalid-transition'; readonly from: OrderStatus }
  | { readonly kind: 'too-large'; readonly refundableMinor: number; readonly currencyCode: string }
  | { readonly kind: 'idempotency-conflict' };
export type RefundOrderOutcome = Accepted | Refused;

/**
 * Records a refund with the order's history, and asks the provider to make it. If the provider is unavailable, the
 * job makes it later.
 */
export async function refundOrder(
  dependencies: Dependencies,
  input: RefundOrderInput,
  viewer: Viewer,
): Promise<RefundOrderOutcome> {
  const parsed = refundOrderInput.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { orderId } = input;
  const { userId: actorId } = viewer;
  if (!isUuid(orderId) || actorId === null) return { kind: 'not-found', orderId };
  const { idempotencyKey, ...rest } = parsed.data;
  const wish = { ...rest, orderId, idempotencyKey, fingerprint: fingerprint(rest), actorId };

  const recorded = await dependencies.database.transact((tx) => record(tx, wish, dependencies.now()));
  if (recorded.kind !== 'accepted') return recorded;
  const { refund, ...accepted } = recorded;
  const [payment] = await carryOutRefunds(dependencies, refund ? [refund] : []);
  return { ...accepted, payment: payment ?? accepted.payment };
}

interface Wish {
  readonly orderId: string;
  readonly amount: number | null;
  readonly reason: string;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
  readonly actorId: string;
}

async function record(
  tx: Transaction,
  wish: Wish,
  at: Date,
): Promise<(Accepted & { readonly refund: Refund | null }) | Refused> {
  const { orderId, reason, actorId } = wish;
  const order = await lockOrderFor(tx, orderId, actorId);
  if (!order) return { kind: 'not-found', orderId };
  const payments = await loadPayments(tx, [orderId]);
  const earlier = await loadRefundByKey(tx, orderId, wish.idempotencyKey);
  if (earlier) {
    const payment = payments.find(({ id }) => id === earlier.paymentId) as Payment;
    return earlier.fingerprint === wish.fingerprint
      ? { kind: 'accepted', order, payment, refund: null }
      : { kind: 'idempotency-conflict' };
  }

  const step = takeStep(order, { type: 'REFUNDED', reason, actorId, at });
  if (!step) return { kind: 'invalid-transition', from: order.status };
  const decision = decideRefund(payments, wish.amount);
  if (decision.kind === 'too-large') return { ...decision, currencyCode: order.currencyCode };

  const { payment, amountMinor } = decision.part;
  const refund: Refund = { id: uuidv7(), paymentId: payment.id, orderId: order.id, amountMinor, reason };
  await insertRefunds(tx, [refund], wish, at);
  await changeOrders(tx, [step], [orderWasUpdated(step.order, step.from)]);
  return { kind: 'accepted', order: step.order, payment: addPendingRefund(decision.part), refund };
}
