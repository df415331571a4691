import { serviceNames } from '@shop/contracts';
import { inOrderOfMoments } from './order-of-moments.ts';

const order = inOrderOfMoments(serviceNames.map((name) => ({ name }))).map(({ name }) => name);

test('those that nobody follows come first', () => {
  expect(order.slice(0, 2)).toEqual(['notification', 'task']);
  expect([...order].sort()).toEqual([...serviceNames].sort());
});

test('reserved stock is never newer than the orders that reserve it', () => {
  expect(order.indexOf('product')).toBeLessThan(order.indexOf('order'));
});
