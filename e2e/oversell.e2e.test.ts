import type { OrderStatus } from '@shop/client';
import { eventually } from '@shop/testing';
import { openSharedShop, placeOrder, type SharedShop } from './shop.ts';

let shop: SharedShop;
beforeAll(async () => {
  shop = await openSharedShop();
});

test('200 concurrent orders for 20 units give 20 RESERVED and 180 FAILED', async () => {
  const product = await shop.newProduct({ initialStock: 20 });
  const customers = await Promise.all(Array.from({ length: 10 }, () => shop.newCustomer()));
  const placed = await Promise.all(
    Array.from({ length: 200 }, (_, index) => placeOrder(customers[index % 10]!, [[product, 1]])),
  );
  expect(placed.filter(({ __typename }) => __typename === 'PlaceOrderSuccess')).toHaveLength(200);

  await eventually(async () => {
    const counts = new Map<OrderStatus, number>();
    for (const customer of customers) {
      const { me } = await customer.request<{ me: { orders: { nodes: { status: OrderStatus }[] } } }>(
        '{ me { orders(first: 100) { nodes { status } } } }',
      );
      for (const { status } of me.orders.nodes) counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    expect(counts).toEqual(
      new Map([
        ['RESERVED', 20],
        ['FAILED', 180],
      ]),
    );
  });
  expect(await shop.stockOf(product)).toEqual({ onHand: 20, reserved: 20, available: 0 });
});
