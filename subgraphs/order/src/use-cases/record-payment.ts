import { appendToOutbox } from '@shop/messaging';
import { sqlOver } from '@shop/subgraph';
import { changeOrders } from '../db/order-changes.ts';
import { lockPayment, savePayment } from '../db/payments.ts';
import { takeStep, type OrderWithLines } from '../domain/order.ts';
import { settlePayment, type Payment, type PaymentOutcome } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';
import { orderWasUpdated, paymentWasProcessed } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { recordRefunds } from './record-refunds.ts';

/** An attempt and its order after the outcome is recorded, and the refunds to carry out. */
export interface RecordedPayment {
  readonly order: OrderWithLines;
  readonly payment: Payment;
  readonly refunds: readonly Refund[];
}

/**
 * Records the outcome of an attempt to pay. Any process may call it, repeatedly and in any order: a known outcome is
 * written once, and a capture that is too late for the order is refunded.
 */
export function recordPayment(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  { id, orderId }: Pick<Payment, 'id' | 'orderId'>,
  outcome: PaymentOutcome,
): Promise<RecordedPayment> {
  return database.transact(async (tx) => {
    const { order, payment } = await lockPayment(tx, orderId, id);
    const settlement = settlePayment(order, payment, outcome);
    if (settlement === null) return { order, payment, refunds: [] };

    const at = now();
    const settled = settlement.payment;
    const processed = paymentWasProcessed(order, settled);
    await savePayment(tx, settled, at);
    const paid =
      settlement.effect === 'pays'
        ? takeStep(order, { type: 'PAID', reason: null, actorId: settled.actorId, at })
        : null;
    if (paid) {
      await changeOrders(tx, [paid], [orderWasUpdated(paid.order, paid.from), processed]);
      return { order: paid.order, payment: settled, refunds: [] };
    }
    await appendToOutbox(sqlOver(tx), [processed]);
    if (settlement.effect !== 'goes-back') return { order, payment: settled, refunds: [] };
    const { payments, refunds } = await recordRefunds(tx, [settled], 'The order could no longer be paid.', at);
    return { order, payment: payments[0] ?? settled, refunds };
  });
}
