import { OrderState, type OrderStateQuery, type ShopClient } from '@shop/client';

type Order = NonNullable<OrderStateQuery['order']>;

/** Polls an order until it is as expected, for half a minute at most. Events change the order later. */
export async function untilOrder(shop: ShopClient, id: string, isExpected: (order: Order) => boolean): Promise<Order> {
  const signal = AbortSignal.timeout(30_000);
  for (;;) {
    const { order } = await shop.request(OrderState, { id }, { signal });
    if (order === null) throw new Error(`There is no order ${id}.`);
    if (isExpected(order)) return order;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
