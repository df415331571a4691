import { describeFailedRefund, describeRestock, type FailedRefund } from './shop-tasks.ts';

const product = { productId: 'p', sku: 'TEA-1', name: 'Teapot' };
const refund: FailedRefund = {
  refundId: 'r',
  orderId: 'o',
  orderNumber: 'ABC-1',
  amountMinor: 1999,
  currencyCode: 'USD',
  reason: 'account closed',
};

test.each([
  [0, 'URGENT', '0 units are left of Teapot (SKU TEA-1)'],
  [1, 'HIGH', '1 unit is left'],
  [5, 'HIGH', '5 units are left'],
])('with %i units left, restocking is %s', (available, priority, text) => {
  const task = describeRestock(product, available);
  expect(task).toMatchObject({ title: 'Restock Teapot', priority, productId: 'p' });
  expect(task.description).toContain(text);
});

test('the longest name of a product fits into the title', () => {
  const { title } = describeRestock({ ...product, name: '𝒯'.repeat(100) }, 1);
  expect(title.length).toBeLessThanOrEqual(200);
  expect(title.isWellFormed()).toBe(true);
});

test.each([
  [1999, 2, '19.99 USD'],
  [5, 2, '0.05 USD'],
  [500, 0, '500 USD'],
  [1234, 3, '1.234 USD'],
])('%i minor units with %i decimals are %s', (amountMinor, exponent, text) => {
  expect(describeFailedRefund({ ...refund, amountMinor }, exponent).title).toBe(
    `Refund ${text} for order ABC-1 by hand`,
  );
});

test('a refund without number and reason is described without them', () => {
  const task = describeFailedRefund({ ...refund, orderNumber: null, reason: null }, 2);
  expect(task.title).toBe('Refund 19.99 USD for an order by hand');
  expect(task.description).toBe('The refund r failed. The customer is still owed 19.99 USD.');
});
