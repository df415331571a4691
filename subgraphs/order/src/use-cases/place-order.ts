import { randomBytes } from 'node:crypto';
import { fingerprint, issuesFrom, uuidv7, type InputIssue } from '@shop/subgraph';
import type { z } from 'zod';
import type { Order, OrderWithLines } from '../domain/order.ts';
import { orderNumber } from '../domain/order-number.ts';
import { mergeLines, priceOrder, type PricedLine, type Pricing, type RequestedLine } from '../domain/price-order.ts';
import { orderWasCreated } from '../events/outgoing.ts';
import { findCatalogue, type CatalogueSource } from './find-catalogue.ts';
import { placeOrderInput } from './place-order.input.ts';

export type PlaceOrderOutcome =
  | { readonly kind: 'placed'; readonly order: Order }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'product-unavailable'; readonly productId: string }
  | { readonly kind: 'price-changed'; readonly totalMinor: number; readonly currencyCode: string }
  | { readonly kind: 'idempotency-conflict' }
  /** The account was deleted after the access token was signed. */
  | { readonly kind: 'no-account' };

type Wish = Omit<z.infer<typeof placeOrderInput>, 'idempotencyKey'>;

/**
 * Accepts an order as PENDING at the catalogue's prices. The product subgraph reserves its stock after the event.
 * The insert detects a repeated idempotency key. Only before a refusal is the key looked up.
 */
export async function placeOrder(
  dependencies: CatalogueSource,
  input: unknown,
  customerId: string,
): Promise<PlaceOrderOutcome> {
  const parsed = placeOrderInput.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { idempotencyKey, ...wish } = parsed.data;
  const lines = mergeLines(wish.items);
  const print = fingerprint({ ...wish, items: lines });
  const replay = () => findReplay(dependencies, customerId, idempotencyKey, print);

  const pricing = await price(dependencies, wish, lines);
  if (pricing.kind !== 'priced') return (await replay()) ?? pricing;

  const order = newOrder(pricing, wish, customerId, dependencies.now());
  const event = orderWasCreated(order);
  const written = await dependencies.database.shared.insertOrder({
    order,
    customerId,
    idempotencyKey,
    fingerprint: print,
    event,
  });
  if (written === 'placed') return { kind: 'placed', order };
  if (written === 'no-account') return { kind: 'no-account' };
  // The key was used before or, very rarely, the number is taken.
  return (await replay()) ?? placeOrder(dependencies, input, customerId);
}

type Priced = Extract<Pricing, { kind: 'priced' }>;

async function price(
  dependencies: CatalogueSource,
  { expectedTotal }: Wish,
  lines: readonly RequestedLine[],
): Promise<Priced | PlaceOrderOutcome> {
  const tooMany = lines.find(({ quantity }) => quantity > 1_000);
  if (tooMany) return invalid('items', `the lines with product ${tooMany.productId} add up to more than 1000`);
  const catalogue = await findCatalogue(
    dependencies,
    lines.map(({ productId }) => productId),
  );
  const pricing = priceOrder(lines, catalogue);
  if (pricing.kind !== 'priced') return toRefusal(pricing);
  const { totalMinor, currencyCode } = pricing;
  return expectedTotal != null && expectedTotal !== totalMinor
    ? { kind: 'price-changed', totalMinor, currencyCode }
    : pricing;
}

function newOrder(
  { lines, totalMinor, currencyCode }: Priced,
  wish: Wish,
  customerId: string,
  at: Date,
): OrderWithLines {
  return {
    id: uuidv7(),
    number: orderNumber(randomBytes(10)),
    customerId,
    status: 'PENDING',
    statusReason: null,
    currencyCode,
    totalMinor,
    lines: lines.map((line: PricedLine) => ({ id: uuidv7(), ...line })),
    shippingAddress: wish.shippingAddress,
    billingAddress: wish.billingAddress ?? wish.shippingAddress,
    version: 1,
    placedAt: at,
    updatedAt: at,
    reservedUntil: null,
    trackingNumber: null,
  };
}

async function findReplay(
  { database }: CatalogueSource,
  customerId: string,
  idempotencyKey: string,
  print: string,
): Promise<PlaceOrderOutcome | null> {
  const earlier = await database.shared.loadOrderByKey({ customerId, idempotencyKey });
  if (!earlier) return null;
  return earlier.fingerprint === print ? { kind: 'placed', order: earlier.order } : { kind: 'idempotency-conflict' };
}

function toRefusal(pricing: Exclude<Pricing, { kind: 'priced' }>): PlaceOrderOutcome {
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
