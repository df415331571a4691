import { OrderUpdated, type OrderUpdatedSubscription, type ShopClient } from '@shop/client';

type Order = OrderUpdatedSubscription['orderUpdated'];

/** Watches an order until it is as expected, for half a minute at most. Events change the order later. */
export async function untilOrder(shop: ShopClient, id: string, isExpected: (order: Order) => boolean): Promise<Order> {
  const signal = AbortSignal.timeout(30_000);
  // The first message is the order as it is now, so that no change is missed. `return` ends the connection.
  for await (const { orderUpdated } of shop.subscribe(OrderUpdated, { id }, { signal }))
    if (isExpected(orderUpdated)) return orderUpdated;
  throw new Error(`The messages about the order ${id} ended early.`);
}
