import type { Transaction } from '../db/database.ts';
import { changeOrders, lockOrderFor } from '../db/order-changes.ts';
import { insertPayment, joinPayment, loadPayments, reopenPayment } from '../db/payments.ts';
import { isPlacedBy, type OrderWithLines } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { admitPayment, type Payment, type PaymentWish } from '../domain/payment.ts';
import { decideExpiry } from '../domain/reservation.ts';
import { orderWasUpdated } from '../events/outgoing.ts';

/** A wish to pay an order, and whose it is. */
export interface Payer extends PaymentWish {
  readonly orderId: string;
  readonly userId: string;
}

export type BegunPayment =
  /** The attempt is on record: the provider may be asked to charge. */
  | { readonly kind: 'charge'; readonly payment: Payment }
  | { readonly kind: 'look-up'; readonly payment: Payment }
  | { readonly kind: 'known'; readonly order: OrderWithLines; readonly payment: Payment }
  | { readonly kind: 'idempotency-conflict' }
  | { readonly kind: 'not-found'; readonly orderId: string }
  | { readonly kind: 'invalid-transition'; readonly from: OrderStatus };

/** Records an attempt to pay before the provider is asked, so that one whose process dies is known of. */
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
  // One that is under way is joined: the provider gives all who ask with its key the same outcome.
  return earlier.status === 'PENDING' && !earlier.isOver ? joinPayment(tx, earlier) : reopenPayment(tx, earlier, at);
}
