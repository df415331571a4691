import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '@shop/testing';
import { cancel, follow, pay, place, type Token } from './buying.ts';
import type { ToldOrder } from './journal.ts';
import { type Customer, drawLines, type ShopFloor } from './shop-floor.ts';

/** The share of payments with each card. */
const TOKENS: readonly Token[] = [
  'tok_visa',
  'tok_visa',
  'tok_visa',
  'tok_visa',
  'tok_timeout',
  'tok_timeout',
  'tok_declined',
  'tok_insufficient_funds',
  'tok_unavailable',
];

/** One customer's order, from placing it to its end. */
export async function makeJourney(floor: ShopFloor, customer: Customer, random: Random): Promise<void> {
  const lines = drawLines(floor, random);
  const [fate, mind, token] = [random.next(), random.next(), random.pick(TOKENS)];
  const order = await place(floor, customer, lines, random);
  if (fate < 0.1) return void (await cancel(floor, customer, order)); // usually before the decision
  if (fate < 0.3) return void floor.kept.push(order); // nobody reads the order again
  if ((await follow(floor, customer, order)) !== 'RESERVED') return;
  await pause(random.below(300));
  if (mind < 0.35) return void (await cancel(floor, customer, order));
  if (mind < 0.45) return void floor.kept.push(order);
  if (mind < 0.55) return payAndCancelAtOnce(floor, customer, order, token, random);
  if (await payInTheEnd(floor, customer, order, token, random)) await afterPaying(floor, customer, order, mind);
}

/** A customer who orders the scarce product and another one, and never reads the order again. */
export async function rush(floor: ShopFloor, customer: Customer, random: Random): Promise<void> {
  floor.kept.push(await place(floor, customer, [{ productId: floor.scarce, quantity: 1 }], random));
}

/** A declined card is followed by a valid one. */
async function payInTheEnd(
  floor: ShopFloor,
  customer: Customer,
  order: ToldOrder,
  token: Token,
  random: Random,
): Promise<boolean> {
  return (
    (await pay(floor, customer, order, token, random)) ||
    (token !== 'tok_visa' && (await pay(floor, customer, order, 'tok_visa', random)))
  );
}

/** The test does not know which of the two wins. The money must be where the goods are not. */
async function payAndCancelAtOnce(
  floor: ShopFloor,
  customer: Customer,
  order: ToldOrder,
  token: Token,
  random: Random,
): Promise<void> {
  await Promise.all([
    pay(floor, customer, order, token, random),
    pause(random.below(50)).then(() => cancel(floor, customer, order)),
  ]);
}

async function afterPaying(floor: ShopFloor, customer: Customer, order: ToldOrder, mind: number): Promise<void> {
  if (mind < 0.7) await cancel(floor, customer, order);
  else if (mind < 0.8) floor.kept.push(order);
  else floor.toShip.push(order);
}
