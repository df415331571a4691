import { randomUUID } from 'node:crypto';
import type { Random } from '@shop/testing';
import { cancel, contradict } from './buying.ts';
import { type ToldOrder, unitsOf } from './journal.ts';
import { type OrderStatus, RefundOrder, UpdateOrderStatus } from '@shop/client';
import { PRICE, type ShopFloor, takeAny } from './shop-floor.ts';

/** Staff process a paid order: they pack it and usually ship it, sometimes refund a part, or cancel it. */
export async function workOff(floor: ShopFloor, random: Random): Promise<void> {
  const order = floor.toShip.shift();
  if (order === undefined) return;
  const fate = random.next();
  if (fate < 0.3) await refund(floor, order, 1 + random.below(PRICE / 2));
  if (!(await moveTo(floor, order, 'PROCESSING'))) return;
  const units = unitsOf(order, floor.scarce);
  if (fate > 0.8 || units > floor.shippable) return void floor.kept.push(order);
  floor.shippable -= units;
  if (!(await moveTo(floor, order, 'SHIPPED'))) return;
  if (random.next() < 0.5) await moveTo(floor, order, 'DELIVERED');
  if (random.next() < 0.2) await refund(floor, order, null);
}

/** A customer who kept an order cancels it, so that its units can be sold again. */
export async function giveBack(floor: ShopFloor, random: Random): Promise<void> {
  const order = takeAny(floor.kept, random);
  if (order === undefined) return;
  const owner = floor.customers.find(({ id }) => id === order.customerId);
  await cancel(floor, owner === undefined || random.next() < 0.5 ? floor.staff : owner, order);
}

async function moveTo(floor: ShopFloor, order: ToldOrder, status: OrderStatus): Promise<boolean> {
  const input = {
    orderId: order.id,
    status,
    ...(status === 'SHIPPED' ? { trackingNumber: `T-${order.id.slice(-8)}` } : {}),
  };
  const { updateOrderStatus: answer } = await floor.staff.ask(UpdateOrderStatus, { input });
  // The order may already have the status, when the answer to an earlier request was lost.
  const isThere =
    answer.__typename === 'UpdateOrderStatusSuccess' ||
    (answer.__typename === 'InvalidTransition' && answer.from === status);
  if (isThere) order.told.add(status);
  else if (answer.__typename !== 'InvalidTransition') contradict(floor, order, `moving to ${status}`, answer);
  return isThere;
}

/** Refunds an amount, or the remaining amount (`null`). Asks twice with one key. */
async function refund(floor: ShopFloor, order: ToldOrder, amount: number | null): Promise<void> {
  const key = randomUUID();
  const input = { orderId: order.id, reason: 'A scratch', idempotencyKey: key, ...(amount === null ? {} : { amount }) };
  for (let time = 0; time < 2; time += 1) {
    const { refundOrder: answer } = await floor.staff.ask(RefundOrder, { input });
    const isRefused =
      answer.__typename === 'InvalidTransition' || (amount === null && answer.__typename === 'RefundTooLarge');
    if (answer.__typename === 'RefundOrderSuccess') order.refunds.set(key, amount);
    else if (time === 1 && order.refunds.has(key))
      contradict(floor, order, 'the second of two equal refunds of', answer);
    else if (!isRefused) contradict(floor, order, 'refunding', answer);
  }
}
