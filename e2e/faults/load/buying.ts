import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '@shop/testing';
import { address } from '../../shop.ts';
import type { Line, ToldOrder } from './journal.ts';
import { CancelOrder, PayOrder, PlaceOrder, OrderState, type OrderStatus } from '@shop/client';
import type { Customer, ShopFloor } from './shop-floor.ts';

/** The share of commands that are sent twice at once, as impatient clients do. */
const SENT_TWICE = 0.1;

export type Token = 'tok_visa' | 'tok_timeout' | 'tok_declined' | 'tok_insufficient_funds' | 'tok_unavailable';

/** Places an order with its own key. */
export async function place(
  floor: ShopFloor,
  customer: Customer,
  lines: readonly Line[],
  random: Random,
): Promise<ToldOrder> {
  const key = randomUUID();
  const input = { items: lines, shippingAddress: address, idempotencyKey: key };
  const times = random.next() < SENT_TWICE ? 2 : 1;
  const answers = await Promise.all(Array.from({ length: times }, () => customer.ask(PlaceOrder, { input })));
  const ids = new Set(
    answers.map(({ placeOrder }) => (placeOrder.__typename === 'PlaceOrderSuccess' ? placeOrder.order.id : undefined)),
  );
  const [id] = ids;
  if (id === undefined || ids.size > 1) {
    floor.journal.contradictions.push(`placing with key ${key} was answered ${JSON.stringify(answers)}`);
    throw new Error(`No order was placed: ${JSON.stringify(answers)}`);
  }
  const order: ToldOrder = { id, customerId: customer.id, key, lines, told: new Set(), refunds: new Map() };
  floor.journal.orders.push(order);
  return order;
}

/** Waits some seconds for an order's decision. Later only the checks read the order. */
export async function follow(floor: ShopFloor, customer: Customer, order: ToldOrder): Promise<OrderStatus> {
  const end = Date.now() + 5_000;
  for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, 1_000)) {
    const { order: found } = await customer.ask(OrderState, { id: order.id });
    if (found === null) {
      floor.journal.contradictions.push(
        `order ${order.id} was accepted, and its customer is told that it does not exist`,
      );
      return 'PENDING';
    }
    if (found.status !== 'PENDING' || Date.now() > end) return found.status;
    await pause(pauseMs);
  }
}

/** Cancels the order. True when it is cancelled, by this request or by an earlier one whose answer was lost. */
export async function cancel(floor: ShopFloor, caller: Pick<Customer, 'ask'>, order: ToldOrder): Promise<boolean> {
  const { cancelOrder } = await caller.ask(CancelOrder, { input: { orderId: order.id, reason: 'Changed my mind' } });
  const isCancelled =
    cancelOrder.__typename === 'CancelOrderSuccess' ||
    (cancelOrder.__typename === 'InvalidTransition' && cancelOrder.from === 'CANCELLED');
  if (isCancelled) order.told.add('CANCELLED');
  else if (cancelOrder.__typename !== 'InvalidTransition') contradict(floor, order, 'cancelling', cancelOrder);
  return isCancelled;
}

/**
 * Pays with its own key, and asks again with that key while the provider's answer is unknown. True when the order is
 * paid.
 */
export async function pay(
  floor: ShopFloor,
  customer: Customer,
  order: ToldOrder,
  token: Token,
  random: Random,
): Promise<boolean> {
  const input = { orderId: order.id, paymentToken: token, idempotencyKey: randomUUID() };
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const times = random.next() < SENT_TWICE ? 2 : 1;
    const answers = await Promise.all(Array.from({ length: times }, () => customer.ask(PayOrder, { input })));
    const outcomes = answers.map(({ payOrder }) => payOrder);
    if (outcomes.some(({ __typename }) => __typename === 'PayOrderSuccess')) {
      if (token !== 'tok_visa' && token !== 'tok_timeout') contradict(floor, order, `paying with ${token}`, outcomes);
      order.told.add('PAID');
      return true;
    }
    const isUndecided = outcomes.some(
      ({ __typename }) => __typename === 'PaymentProviderUnavailable' || __typename === 'PaymentInProgress',
    );
    if (!isUndecided) {
      if (!outcomes.every(({ __typename }) => mayRefuse(token).includes(__typename)))
        contradict(floor, order, `paying with ${token}`, outcomes);
      return false;
    }
    if (token === 'tok_unavailable' && attempt === 1) return false;
    await pause(200 * (attempt + 1));
  }
  return false;
}

/** The failures that decline a payment: by the card, or because the order was cancelled or has expired in between. */
function mayRefuse(token: Token): string[] {
  return token === 'tok_declined' || token === 'tok_insufficient_funds'
    ? ['PaymentDeclined', 'InvalidTransition']
    : ['InvalidTransition'];
}

export function contradict(floor: ShopFloor, order: ToldOrder, what: string, answer: unknown): void {
  floor.journal.contradictions.push(`${what} order ${order.id} was answered ${JSON.stringify(answer)}`);
}
