import { randomBytes } from 'node:crypto';
import { fingerprint, issuesFrom, uuidv7, type InputIssue } from '@shop/service';
import { insertOrders } from '../db/new-orders.ts';
import { loadOrderByKey } from '../db/orders.ts';
import type { Order, OrderWithLines } from '../domain/order.ts';
import { orderNumber } from '../domain/order-number.ts';
import { mergeLines, priceOrder, type Pricing } from '../domain/price-order.ts';
import { orderWasCreated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { findCatalogue } from './find-catalogue.ts';
import { placeOrderInput } from './place-order.input.ts';

export type PlaceOrderOutcome =
  | { readonly kind: 'placed'; readonly order: Order }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'product-unavailable'; readonly productId: string }
  | { readonly kind: 'price-changed'; readonly totalMinor: number; readonly currencyCode: string }
  | { readonly kind: 'idempotency-conflict' }
  /** The account was deleted after the access token was signed. */
  | { readonly kind: 'no-account' };

/** Accepts an order as PENDING at the catalogue's prices. Its stock is reserved by whoever hears of it. */
export async function placeOrder(
  dependencies: Dependencies,
  input: unknown,
  customerId: string,
): Promise<PlaceOrderOutcome> {
  const parsed = placeOrderInput.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { idempotencyKey, ...wish } = parsed.data;
  const lines = mergeLines(wish.items);
  const print = fingerprint({ ...wish, items: lines });

  const replay = await replayOf(dependencies, customerId, idempotencyKey, print);
  if (replay) return replay;

  const tooMany = lines.find(({ quantity }) => quantity > 1_000);
  if (tooMany) return invalid('items', `the lines with product ${tooMany.productId} add up to more than 1000`);
  const catalogue = await findCatalogue(dependencies, lines.map(({ productId }) => productId));
  const pricing = priceOrder(lines, catalogue);
  if (pricing.kind !== 'priced') return refusalOf(pricing);
  const { totalMinor, currencyCode } = pricing;
  if (wish.expectedTotal != null && wish.expectedTotal !== totalMinor) {
    return { kind: 'price-changed', totalMinor, currencyCode };
  }

  const at = dependencies.now();
  const order: OrderWithLines = {
    id: uuidv7(),
    number: orderNumber(randomBytes(10)),
    customerId,
    status: 'PENDING',
    statusReason: null,
    currencyCode,
    totalMinor,
    lines: pricing.lines.map((line) => ({ id: uuidv7(), ...line })),
    shippingAddress: wish.shippingAddress,
    billingAddress: wish.billingAddress ?? wish.shippingAddress,
    version: 1,
    placedAt: at,
    updatedAt: at,
    reservedUntil: null,
    trackingNumber: null,
  };
  const written = (
    await insertOrders(dependencies.database.client, [
      { order, customerId, idempotencyKey, fingerprint: print, event: orderWasCreated(order) },
    ])
  ).get(order.id);
  if (written === 'placed') return { kind: 'placed', order };
  if (written === 'no-account') return { kind: 'no-account' };
  // The same request won at the same time; or, once in a very long while, the number is taken.
  return (
    (await replayOf(dependencies, customerId, idempotencyKey, print)) ?? placeOrder(dependencies, input, customerId)
  );
}

async function replayOf(
  { database }: Dependencies,
  customerId: string,
  idempotencyKey: string,
  print: string,
): Promise<PlaceOrderOutcome | null> {
  const earlier = await loadOrderByKey(database, customerId, idempotencyKey);
  if (!earlier) return null;
  return earlier.fingerprint === print
    ? { kind: 'placed', order: earlier.order }
    : { kind: 'idempotency-conflict' };
}

function refusalOf(pricing: Exclude<Pricing, { kind: 'priced' }>): PlaceOrderOutcome {
  switch (pricing.kind) {
    case 'product-unavailable':
      return pricing;
    case 'mixed-currencies':
      return invalid('items', 'all products of an order must have one currency');
    case 'total-too-large':
      return invalid('items', 'the total is too large');
    default:
      return pricing satisfies never;
  }
}

function invalid(path: string, message: string): PlaceOrderOutcome {
  return { kind: 'invalid-input', issues: [{ path, message }] };
}
