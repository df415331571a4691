import type { Transaction } from '../db/database.ts';
import { changeOrders, lockOrderFor } from '../db/order-changes.ts';
import { insertPayment, joinPayment, loadPayments, reopenPayment } from '../db/payments.ts';
import { isPlacedBy, type OrderWithLines } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { admitPayment, type Payment, type PaymentWish } from '../domain/payment.ts';
import { decideExpiry } from '../domain/reservation.ts';
import { orderWasUpdated } from '../events/outgoing.ts';

/** A request to pay an order, and who pays. */
export interface Payer extends PaymentWish {
  readonly orderId: string;
  readonly userId: string;
}

export type BegunPayment =
  /** The attempt is recorded: ask the provider to charge. */
  | { readonly kind: 'charge'; readonly payment: Payment }
  | { readonly kind: 'look-up'; readonly payment: Payment }
  | { readonly kind: 'known'; readonly order: OrderWithLines; readonly payment: Payment }
  | { readonly kind: 'idempotency-conflict' }
  | { readonly kind: 'not-found'; readonly orderId: string }
  | { readonly kind: 'invalid-transition'; readonly from: OrderStatus };

/** Records an attempt before the provider is asked, so that it is not lost when the process dies. */
export async function beginPayment(tx: Transaction, payer: Payer, at: Date): Promise<BegunPayment> {
  const { orderId, userId } = payer;
  const order = await lockOrderFor(tx, orderId, userId);
  if (!order || !isPlacedBy(order, userId)) return { kind: 'not-found', orderId };

  const admission = admitPayment(order, await loadPayments(tx, [orderId]), payer, at);
  switch (admission.kind) {
    case 'charge':
      return { kind: 'charge', payment: await onRecord(tx, order, payer, admission.payment, at) };
    case 'known':
      return { ...admission, order };
    case 'not-payable':
      return { kind: 'invalid-transition', from: order.status };
    case 'run-out': {
      const expiry = decideExpiry(order, at);
      if (expiry) await changeOrders(tx, [expiry], [orderWasUpdated(expiry.order, expiry.from)]);
      return { kind: 'invalid-transition', from: expiry?.order.status ?? order.status };
    }
    default:
      return admission;
  }
}

function onRecord(
  tx: Transaction,
  order: OrderWithLines,
  payer: Payer,
  earlier: Payment | null,
  at: Date,
): Promise<Payment> {
  if (earlier === null) return insertPayment(tx, order, payer, payer.userId, at);
  // An attempt in progress is joined: the provider returns the same outcome to all requests with its key.
  return earlier.status === 'PENDING' && !earlier.isOver ? joinPayment(tx, earlier) : reopenPayment(tx, earlier, at);
}
