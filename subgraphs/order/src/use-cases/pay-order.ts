import { fingerprint, isUuid, type InputIssue } from '@shop/subgraph';
import { hurryPayment } from '../db/payments.ts';
import type { Order } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { isCaptured, paidTheOrder, type Payment, type PaymentOutcome } from '../domain/payment.ts';
import { isProviderFailure, NotCharged } from '../payments/provider.ts';
import { beginPayment } from './begin-payment.ts';
import { carryOutRefunds } from './carry-out-refunds.ts';
import type { Dependencies } from './dependencies.ts';
import { parsePayOrder, type PayOrderInput } from './pay-order.input.ts';
import { recordPayment } from './record-payment.ts';
import { settleByLookUp } from './settle-payments.ts';

export type PayOrderOutcome =
  | { readonly kind: 'paid'; readonly order: Order; readonly payment: Payment }
  | { readonly kind: 'declined'; readonly payment: Payment }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'not-found'; readonly orderId: string }
  | { readonly kind: 'invalid-transition'; readonly from: OrderStatus }
  | { readonly kind: 'idempotency-conflict' }
  /** Another payment of the order is in progress. */
  | { readonly kind: 'in-progress' }
  /** The provider was not reached and charged nothing. */
  | { readonly kind: 'not-charged' }
  /** The provider did not answer. The outcome is looked up. */
  | { readonly kind: 'unknown' };

/** How many earlier attempts a request to pay looks up. */
const ROUNDS = 3;

/**
 * Pays the customer's own order: records the attempt, asks the provider to charge, records the outcome. If a process
 * dies in between, the next request or the job settles the attempt by look-up.
 */
export async function payOrder(
  dependencies: Dependencies,
  input: PayOrderInput,
  userId: string,
): Promise<PayOrderOutcome> {
  const { database, now, payments } = dependencies;
  const { orderId, paymentToken: token } = input;
  const parsed = parsePayOrder(input, payments);
  if ('issues' in parsed) return { kind: 'invalid-input', issues: parsed.issues };
  if (!isUuid(orderId)) return { kind: 'not-found', orderId };

  const { idempotencyKey } = parsed;
  const payer = {
    orderId,
    userId,
    idempotencyKey,
    fingerprint: fingerprint({ orderId: orderId.toLowerCase(), token }),
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = await database.transact((tx) => beginPayment(tx, payer, now()));
    if (begun.kind === 'charge') return chargeAndRecord(dependencies, begun.payment, token);
    if (begun.kind === 'known') return toOutcome(begun.order, begun.payment);
    if (begun.kind !== 'look-up') return begun;
    const isSettled = await lookUp(dependencies, begun.payment);
    if (!isSettled) return { kind: begun.payment.idempotencyKey === idempotencyKey ? 'unknown' : 'in-progress' };
  }
  return { kind: 'in-progress' };
}

async function lookUp(dependencies: Dependencies, payment: Payment): Promise<boolean> {
  try {
    return (await settleByLookUp(dependencies, payment)) !== null;
  } catch (error) {
    if (isProviderFailure(error)) return false;
    throw error;
  }
}

async function chargeAndRecord(dependencies: Dependencies, payment: Payment, token: string): Promise<PayOrderOutcome> {
  const outcome = await charge(dependencies, payment, token);
  if (outcome === null) {
    await hurryPayment(dependencies.database.client, payment.id);
    return { kind: 'unknown' };
  }
  const recorded = await recordPayment(dependencies, payment, outcome);
  await carryOutRefunds(dependencies, recorded.refunds);
  return toOutcome(recorded.order, recorded.payment);
}

/** Asks the provider to charge. Returns null when the outcome is unknown. */
async function charge({ payments }: Dependencies, payment: Payment, token: string): Promise<PaymentOutcome | null> {
  const { id: key, amountMinor, currencyCode, chargeUntil } = payment;
  try {
    const answer = await payments.charge({ key, amountMinor, currencyCode, token, notAfter: chargeUntil });
    if (answer.kind !== 'too-late') return answer;
    return { kind: 'not-charged', chargeUntil, reason: 'The provider was asked too late.' };
  } catch (error) {
    if (error instanceof NotCharged)
      return { kind: 'not-charged', chargeUntil, reason: 'The provider could not be reached.' };
    if (isProviderFailure(error)) return null;
    throw error;
  }
}

function toOutcome(order: Order, payment: Payment): PayOrderOutcome {
  if (paidTheOrder(payment)) return { kind: 'paid', order, payment };
  if (isCaptured(payment)) return { kind: 'invalid-transition', from: order.status };
  if (payment.status === 'DECLINED') return { kind: 'declined', payment };
  return { kind: payment.status === 'FAILED' ? 'not-charged' : 'unknown' };
}
