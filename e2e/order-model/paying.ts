import { takeStep } from '../../subgraphs/order/src/domain/order.ts';
import {
  admitPayment,
  settlePayment,
  type Payment,
  type PaymentOutcome,
} from '../../subgraphs/order/src/domain/payment.ts';
import { everythingLeft, addMadeRefund, type RefundPart } from '../../subgraphs/order/src/domain/refund.ts';
import { decideExpiry } from '../../subgraphs/order/src/domain/reservation.ts';
import type { Try, World } from './world.ts';

const CHARGE_WINDOW_MS = 10_000;

/** A customer's payment, up to the record of the attempt. The attempts in `tries` ask the provider later. */
export function beginPayment(world: World, orderId: string, idempotencyKey: string): Try | null {
  const order = world.order(orderId);
  const admission = admitPayment(
    order,
    world.paymentsOf(orderId),
    { idempotencyKey, fingerprint: idempotencyKey },
    world.now,
  );
  switch (admission.kind) {
    case 'charge': {
      const attempt: Try = { payment: onRecord(world, orderId, idempotencyKey, admission.payment), answer: null };
      world.tries.push(attempt);
      return attempt;
    }
    case 'look-up':
      lookUp(world, admission.payment);
      return null;
    case 'run-out':
      world.commit(decideExpiry(order, world.now), 'released');
      return null;
    default:
      return null;
  }
}

function onRecord(world: World, orderId: string, idempotencyKey: string, earlier: Payment | null): Payment {
  if (earlier?.status === 'PENDING' && !earlier.isOver) {
    // Several tries share the attempt from now on. So no try may record that nothing was charged.
    world.payments.set(earlier.id, { ...earlier, chargeUntil: new Date(earlier.chargeUntil.getTime() + 1) });
    return earlier;
  }
  const { totalMinor, currencyCode } = world.order(orderId);
  const payment: Payment = {
    id: world.newId('pay'),
    orderId,
    idempotencyKey,
    fingerprint: idempotencyKey,
    amountMinor: totalMinor,
    currencyCode,
    refundedMinor: 0,
    refundingMinor: 0,
    method: 'card',
    actorId: 'customer',
    createdAt: world.now,
    ...earlier,
    status: 'PENDING',
    failureReason: null,
    isOver: false,
    chargeUntil: new Date(world.clock + CHARGE_WINDOW_MS),
  };
  world.payments.set(payment.id, payment);
  return payment;
}

/** The provider: idempotent by key. It rejects requests that come too late. */
export function askProvider(world: World, attempt: Try, behaviour: 'captured' | 'declined' | 'unavailable'): void {
  const { id, amountMinor, chargeUntil } = attempt.payment;
  const earlier = world.charges.get(id);
  if (earlier) attempt.answer = earlier.outcome;
  else if (behaviour === 'unavailable' || world.clock > chargeUntil.getTime()) attempt.answer = 'not-charged';
  else {
    world.charges.set(id, { outcome: behaviour, amountMinor });
    attempt.answer = behaviour;
  }
}

/** A process records the provider's answer, at any later time. */
export function recordAnswer(world: World, { payment: { id, chargeUntil }, answer }: Try): void {
  if (answer === 'captured') record(world, id, { kind: 'captured' });
  if (answer === 'declined') record(world, id, { kind: 'declined', reason: 'no' });
  if (answer === 'not-charged') record(world, id, { kind: 'not-charged', chargeUntil, reason: 'away' });
}

export function lookUp(world: World, { id, chargeUntil, isOver }: Payment): void {
  const charge = world.charges.get(id);
  if (charge) recordAnswer(world, { payment: world.paymentById(id), answer: charge.outcome });
  else if (isOver) record(world, id, { kind: 'not-charged', chargeUntil, reason: 'not reached in time' });
}

function record(world: World, id: string, outcome: PaymentOutcome): void {
  const payment = world.paymentById(id);
  const order = world.order(payment.orderId);
  const settlement = settlePayment(order, payment, outcome);
  if (!settlement) return;
  world.payments.set(id, settlement.payment);
  if (settlement.effect === 'pays')
    world.commit(takeStep(order, { type: 'PAID', reason: null, actorId: 'customer', at: world.now }));
  if (settlement.effect === 'goes-back') recordRefunds(world, everythingLeft([settlement.payment]));
}

export function recordRefunds(world: World, parts: readonly RefundPart[]): void {
  for (const { payment, amountMinor } of parts) {
    const id = world.newId('refund');
    world.pendingRefunds.set(id, { id, paymentId: payment.id, orderId: payment.orderId, amountMinor, reason: null });
    world.payments.set(payment.id, { ...payment, refundingMinor: payment.refundingMinor + amountMinor });
  }
}

/** The provider refunds, and a process records that, or dies in between. */
export function carryOutRefund(world: World, id: string, isCrash: boolean): void {
  const refund = world.pendingRefunds.get(id);
  if (!refund) return;
  const { paymentId, amountMinor } = refund;
  world.refunds.set(id, { chargeKey: paymentId, amountMinor });
  if (isCrash) return;
  world.pendingRefunds.delete(id);
  world.payments.set(paymentId, addMadeRefund({ payment: world.paymentById(paymentId), amountMinor }));
}
