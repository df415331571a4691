import { decideFulfilment } from './fulfilment.ts';
import { applyChange, type Order, type OrderChange } from './order.ts';
import { nextStatus, type OrderEventType, type OrderStatus } from './order-status.ts';
import { orderNumber } from './order-number.ts';
import { decideExpiry, decideReservation } from './reservation.ts';
import { mergeLines, priceOrder, type CatalogueProduct } from './price-order.ts';

const statuses: OrderStatus[] = [
  'PENDING',
  'RESERVED',
  'PAID',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'FAILED',
  'CANCELLED',
  'EXPIRED',
];
const events: OrderEventType[] = [
  'RESERVED',
  'FAILED',
  'PAID',
  'EXPIRED',
  'CANCELLED',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'REFUNDED',
];
/** All allowed transitions. Every other transition is rejected. */
const legal = new Map<string, OrderStatus>([
  ['PENDING RESERVED', 'RESERVED'],
  ['PENDING FAILED', 'FAILED'],
  ['PENDING CANCELLED', 'CANCELLED'],
  ['RESERVED PAID', 'PAID'],
  ['RESERVED EXPIRED', 'EXPIRED'],
  ['RESERVED CANCELLED', 'CANCELLED'],
  ['PAID PROCESSING', 'PROCESSING'],
  ['PAID CANCELLED', 'CANCELLED'],
  ['PAID REFUNDED', 'PAID'],
  ['PROCESSING SHIPPED', 'SHIPPED'],
  ['PROCESSING CANCELLED', 'CANCELLED'],
  ['PROCESSING REFUNDED', 'PROCESSING'],
  ['SHIPPED DELIVERED', 'DELIVERED'],
  ['SHIPPED REFUNDED', 'SHIPPED'],
  ['DELIVERED REFUNDED', 'DELIVERED'],
]);

const until = new Date(900_000);
const order = (status: OrderStatus): Order => ({
  id: 'o',
  number: 'n',
  customerId: 'c',
  status,
  statusReason: null,
  currencyCode: 'USD',
  totalMinor: 1,
  version: 3,
  shippingAddress: {} as Order['shippingAddress'],
  billingAddress: {} as Order['billingAddress'],
  placedAt: new Date(0),
  updatedAt: new Date(0),
  reservedUntil: status === 'RESERVED' ? until : null,
  trackingNumber: null,
});
const at = new Date(1);
function createOrderEvent(type: OrderEventType): OrderChange {
  const cause = { reason: 'why', actorId: null, at };
  if (type === 'RESERVED') return { type, ...cause, reservedUntil: until };
  return type === 'SHIPPED' ? { type, ...cause, trackingNumber: 'T1' } : { type, ...cause };
}

describe('the transition table', () => {
  const matrix = statuses.flatMap((from) => events.map((event) => [from, event] as const));

  test.each(matrix)('gives the expected result for a %s order and the event %s', (from, event) => {
    const to = legal.get(`${from} ${event}`) ?? null;
    expect(nextStatus(from, event)).toBe(to);
    const changed = applyChange(order(from), createOrderEvent(event));
    if (to === null) expect(changed).toBeNull();
    else {
      expect(changed).toEqual({
        ...order(from),
        status: to,
        version: 4,
        updatedAt: at,
        statusReason: ['FAILED', 'CANCELLED', 'EXPIRED'].includes(to) ? 'why' : null,
        reservedUntil: to === 'RESERVED' ? until : null,
        trackingNumber: event === 'SHIPPED' ? 'T1' : null,
      });
    }
  });

  test('keeps a tracking number', () => {
    expect(applyChange({ ...order('SHIPPED'), trackingNumber: 'T1' }, createOrderEvent('DELIVERED'))).toMatchObject({
      trackingNumber: 'T1',
    });
  });
});

describe('the decision about an order’s stock', () => {
  const decide = (from: OrderStatus, type: 'RESERVED' | 'FAILED') =>
    decideReservation(
      order(from),
      { orderId: 'o', type, reason: type === 'FAILED' ? 'Out of stock.' : null },
      { at, reservationSeconds: 900 },
    );

  test('reserves for the given seconds, or fails the order with a reason', () => {
    expect(decide('PENDING', 'RESERVED')?.order).toMatchObject({
      status: 'RESERVED',
      reservedUntil: new Date(900_001),
    });
    expect(decide('PENDING', 'FAILED')?.order).toMatchObject({
      status: 'FAILED',
      reservedUntil: null,
      statusReason: 'Out of stock.',
    });
  });

  test.each(statuses.slice(1))('does not change an order that is %s', (status) => {
    expect([decide(status, 'RESERVED'), decide(status, 'FAILED')]).toEqual([null, null]);
  });
});

describe('an unpaid reservation', () => {
  test('expires at its time and not before', () => {
    expect(decideExpiry(order('RESERVED'), new Date(until.getTime() - 1))).toBeNull();
    expect(decideExpiry(order('RESERVED'), until)?.order).toMatchObject({
      status: 'EXPIRED',
      statusReason: 'Not paid in time.',
      reservedUntil: null,
    });
  });

  test.each(statuses.filter((status) => status !== 'RESERVED'))('that is %s does not expire', (status) => {
    expect(decideExpiry(order(status), new Date(1e12))).toBeNull();
  });
});

describe('staff', () => {
  const steps = new Map([
    ['PAID', 'PROCESSING'],
    ['PROCESSING', 'SHIPPED'],
    ['SHIPPED', 'DELIVERED'],
  ]);
  const moves = statuses.flatMap((from) => statuses.map((to) => [from, to] as const));

  test.each(moves)('take an order from %s to %s only if that is the next step', (from, to) => {
    const step = decideFulfilment(order(from), { to, trackingNumber: 'T1', note: 'note', actorId: 'staff', at });
    if (steps.get(from) !== to) expect(step).toBeNull();
    else {
      expect(step?.order).toMatchObject({
        status: to,
        statusReason: null,
        trackingNumber: to === 'SHIPPED' ? 'T1' : null,
      });
      expect(step?.change).toMatchObject({ type: to, reason: 'note', actorId: 'staff' });
    }
  });
});

describe('pricing an order', () => {
  const product = (productId: string, rest: Partial<CatalogueProduct> = {}): CatalogueProduct => ({
    productId,
    sku: productId.toUpperCase(),
    name: `Product ${productId}`,
    priceMinor: 250,
    currencyCode: 'USD',
    onSale: true,
    version: 1,
    ...rest,
  });
  const catalogue = (...products: CatalogueProduct[]) => new Map(products.map((item) => [item.productId, item]));

  test('uses names and prices of the catalogue and computes exact sums', () => {
    const pricing = priceOrder(
      [
        { productId: 'a', quantity: 3 },
        { productId: 'b', quantity: 1 },
      ],
      catalogue(product('a'), product('b', { priceMinor: 1 })),
    );
    expect(pricing).toMatchObject({ kind: 'priced', totalMinor: 751, currencyCode: 'USD' });
    expect(pricing).toHaveProperty('lines.0', {
      productId: 'a',
      quantity: 3,
      sku: 'A',
      name: 'Product a',
      unitPriceMinor: 250,
    });
  });

  test.each([
    ['is unknown', catalogue()],
    ['is off sale', catalogue(product('a', { onSale: false }))],
  ])('refuses a product that %s', (_what, products) => {
    expect(priceOrder([{ productId: 'a', quantity: 1 }], products)).toEqual({
      kind: 'product-unavailable',
      productId: 'a',
    });
  });

  test('refuses two currencies, and a total that is not a safe integer', () => {
    const lines = [
      { productId: 'a', quantity: 1 },
      { productId: 'b', quantity: 1 },
    ];
    expect(priceOrder(lines, catalogue(product('a'), product('b', { currencyCode: 'EUR' })))).toEqual({
      kind: 'mixed-currencies',
    });
    const dear = { priceMinor: Number.MAX_SAFE_INTEGER };
    expect(priceOrder(lines, catalogue(product('a', dear), product('b', dear)))).toEqual({ kind: 'total-too-large' });
  });

  test('merges lines with the same product', () => {
    const lines = [
      { productId: 'a', quantity: 1 },
      { productId: 'b', quantity: 2 },
      { productId: 'a', quantity: 3 },
    ];
    expect(mergeLines(lines)).toEqual([
      { productId: 'a', quantity: 4 },
      { productId: 'b', quantity: 2 },
    ]);
  });
});

test('an order number is readable and depends on every byte', () => {
  expect(orderNumber(new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 8, 31]))).toBe('01234-5678Z');
});
