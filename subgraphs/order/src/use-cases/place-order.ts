import { randomBytes } from 'node:crypto';
import { fingerprint, issuesFrom, uuidv7, type InputIssue } from '@shop/subgraph';
import type { z } from 'zod';
import type { ReachedLimit } from '../domain/order-limits.ts';
import type { Order, OrderWithLines } from '../domain/order.ts';
import { orderNumber } from '../domain/order-number.ts';
import { mergeLines, priceOrder, type PricedLine, type Pricing, type RequestedLine } from '../domain/price-order.ts';
import { orderWasCreated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { findCatalogue, type CatalogueSource } from './find-catalogue.ts';
import { placeOrderInput } from './place-order.input.ts';

export type PlaceOrderOutcome =
  | { readonly kind: 'placed'; readonly order: Order }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'product-unavailable'; readonly productId: string }
  | { readonly kind: 'price-changed'; readonly totalMinor: number; readonly currencyCode: string }
  | { readonly kind: 'idempotency-conflict' }
  | { readonly kind: 'limit-reached'; readonly reached: ReachedLimit }
  | { readonly kind: 'email-not-verified' }
  /** The user service does not answer whether the e-mail is verified. */
  | { readonly kind: 'email-unknown' }
  /** The account was deleted after the access token was signed. */
  | { readonly kind: 'no-account' };

type OrderDependencies = CatalogueSource & Pick<Dependencies, 'orderLimits' | 'askForEmail'>;
type Wish = Omit<z.infer<typeof placeOrderInput>, 'idempotencyKey'>;

/**
 * Accepts an order as PENDING at the catalogue's prices. The product subgraph reserves its stock after the event.
 * The insert detects a repeated idempotency key. Only before a refusal is the key looked up.
 */
export async function placeOrder(
  dependencies: OrderDependencies,
  input: unknown,
  customerId: string,
): Promise<PlaceOrderOutcome> {
  const parsed = placeOrderInput.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { idempotencyKey, ...wish } = parsed.data;
  const lines = mergeLines(wish.items);
  const request = { ...wish, items: lines };
  const replay = () => findReplay(dependencies, customerId, idempotencyKey, request);

  const pricing = await price(dependencies, wish, lines);
  if (pricing.kind !== 'priced') return (await replay()) ?? pricing;
  const refusal = await refuseUnverified(dependencies, customerId);
  if (refusal !== null) return (await replay()) ?? refusal;

  const order = newOrder(pricing, wish, customerId, dependencies.now());
  const event = orderWasCreated(order);
  const written = await dependencies.database.shared.insertOrder(
    { order, customerId, idempotencyKey, fingerprint: fingerprint(withoutNulls(request)), event },
    dependencies.orderLimits,
  );
  if (written === 'placed') return { kind: 'placed', order };
  if (written === 'no-account') return { kind: 'no-account' };
  // A repeated request gets its order, also when a new order would be one too many.
  if (typeof written === 'object') return (await replay()) ?? { kind: 'limit-reached', reached: written };
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

/** Returns null for a customer who may order. */
async function refuseUnverified(
  { askForEmail }: Pick<Dependencies, 'askForEmail'>,
  customerId: string,
): Promise<PlaceOrderOutcome | null> {
  const state = askForEmail === undefined ? 'verified' : await askForEmail(customerId);
  switch (state) {
    case 'verified':
      return null;
    case 'not-verified':
      return { kind: 'email-not-verified' };
    case 'no-account':
      return { kind: 'no-account' };
    case 'unknown':
      return { kind: 'email-unknown' };
    default:
      return state satisfies never;
  }
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

/** An absent member and null are one request. */
const withoutNulls = (request: Wish): object =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value != null));

/** The fingerprint of a request, and those that the release before 2026-12 stored for it. That release told null from an absent member. */
function fingerprintsOf(request: Wish): string[] {
  const given = withoutNulls(request);
  const nulls = Object.fromEntries(
    ['billingAddress', 'expectedTotal'].filter((name) => !(name in given)).map((name) => [name, null]),
  );
  const earlier = Object.entries(nulls).map(([name, value]) => ({ [name]: value }));
  return [{}, ...earlier, nulls].map((more) => fingerprint({ ...given, ...more }));
}

async function findReplay(
  { database }: CatalogueSource,
  customerId: string,
  idempotencyKey: string,
  request: Wish,
): Promise<PlaceOrderOutcome | null> {
  const earlier = await database.shared.loadOrderByKey({ customerId, idempotencyKey });
  if (!earlier) return null;
  return fingerprintsOf(request).includes(earlier.fingerprint)
    ? { kind: 'placed', order: earlier.order }
    : { kind: 'idempotency-conflict' };
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
