import { applyChange, type Order } from './order.ts';
import { nextStatus, type OrderEventType, type OrderStatus } from './order-status.ts';
import { orderNumber } from './order-number.ts';
import { mergeLines, priceOrder, type CatalogueProduct } from './price-order.ts';

const statuses: OrderStatus[] = ['PENDING', 'RESERVED', 'PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'FAILED', 'CANCELLED', 'EXPIRED'];
const events: OrderEventType[] = ['RESERVED', 'FAILED', 'CANCELLED'];
const legal = new Map<string, OrderStatus>([
  ['PENDING RESERVED', 'RESERVED'],
  ['PENDING FAILED', 'FAILED'],
  ['PENDING CANCELLED', 'CANCELLED'],
  ['RESERVED CANCELLED', 'CANCELLED'],
]);

const order = (status: OrderStatus): Order => ({
  id: 'o', number: 'n', customerId: 'c', status, statusReason: null, currencyCode: 'USD', totalMinor: 1, version: 3,
  shippingAddress: {} as Order['shippingAddress'], billingAddress: {} as Order['billingAddress'],
  placedAt: new Date(0), updatedAt: new Date(0),
});

describe('the transition table', () => {
  const matrix = statuses.flatMap((from) => events.map((event) => [from, event] as const));

  test.each(matrix)('%s and %s', (from, event) => {
    const to = legal.get(`${from} ${event}`) ?? null;
    expect(nextStatus(from, event)).toBe(to);
    const at = new Date(1);
    const changed = applyChange(order(from), { type: event, reason: 'why', actorId: null, at });
    if (to === null) expect(changed).toBeNull();
    else expect(changed).toMatchObject({ status: to, statusReason: 'why', version: 4, updatedAt: at });
  });
});

describe('pricing an order', () => {
  const product = (productId: string, rest: Partial<CatalogueProduct> = {}): CatalogueProduct => ({
    productId, sku: productId.toUpperCase(), name: `Product ${productId}`, priceMinor: 250, currencyCode: 'USD', onSale: true, version: 1, ...rest,
  });
  const catalogue = (...products: CatalogueProduct[]) => new Map(products.map((item) => [item.productId, item]));

  test('takes names and prices of the catalogue and sums exactly', () => {
    const pricing = priceOrder([{ productId: 'a', quantity: 3 }, { productId: 'b', quantity: 1 }], catalogue(product('a'), product('b', { priceMinor: 1 })));
    expect(pricing).toMatchObject({ kind: 'priced', totalMinor: 751, currencyCode: 'USD' });
    expect(pricing).toHaveProperty('lines.0', { productId: 'a', quantity: 3, sku: 'A', name: 'Product a', unitPriceMinor: 250 });
  });

  test.each([
    ['is unknown', catalogue()],
    ['is off sale', catalogue(product('a', { onSale: false }))],
  ])('refuses a product that %s', (_what, products) => {
    expect(priceOrder([{ productId: 'a', quantity: 1 }], products)).toEqual({ kind: 'product-unavailable', productId: 'a' });
  });

  test('refuses two currencies, and a total that is no safe integer', () => {
    const lines = [{ productId: 'a', quantity: 1 }, { productId: 'b', quantity: 1 }];
    expect(priceOrder(lines, catalogue(product('a'), product('b', { currencyCode: 'EUR' })))).toEqual({ kind: 'mixed-currencies' });
    const dear = { priceMinor: Number.MAX_SAFE_INTEGER };
    expect(priceOrder(lines, catalogue(product('a', dear), product('b', dear)))).toEqual({ kind: 'total-too-large' });
  });

  test('merges lines with the same product', () => {
    const lines = [{ productId: 'a', quantity: 1 }, { productId: 'b', quantity: 2 }, { productId: 'a', quantity: 3 }];
    expect(mergeLines(lines)).toEqual([{ productId: 'a', quantity: 4 }, { productId: 'b', quantity: 2 }]);
  });
});

test('an order number is readable and depends on every byte', () => {
  expect(orderNumber(new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 8, 31]))).toBe('01234-5678Z');
});
