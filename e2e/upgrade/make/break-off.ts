import { eventually } from '@shop/testing';
import type { Databases } from './databases.ts';
import { deleteAccount, describeAccount, type Person, register } from './people.ts';
import type { Release } from './release.ts';
import type { Cast, Goods, Scene } from './scenario.ts';
import {
  adjustStock,
  cancel,
  changePrice,
  createProduct,
  moveOn,
  pay,
  placeOrder,
  placePaidOrder,
  placeReservedOrder,
  refund,
  requireResult,
} from './trade.ts';

/**
 * Leaves as much work as possible unfinished: events that nobody has handled, events that the broker never got, a
 * payment and refunds without an outcome. The locks that block this work stay until PostgreSQL stops.
 */
export async function breakOff(
  release: Release,
  scene: Scene,
  { grace, ada, erin }: Cast,
  goods: Goods,
): Promise<void> {
  const { graphqlUrl, databases, notes } = scene;
  const { note } = notes;
  const { teapot, mug, print } = goods;
  const prepared = {
    cancelled: await placeReservedOrder(ada, [teapot, 3]),
    shipped: await placePaidOrder(ada, [mug, 2]),
    paid: await placeReservedOrder(ada, [mug, 1]),
    lost: await placeReservedOrder(ada, [teapot, 1]),
    neverMade: await placeReservedOrder(ada, [mug, 1]),
    refunded: await placePaidOrder(ada, [mug, 2]),
    calledOff: await placePaidOrder(ada, [teapot, 1]),
  };
  await moveOn(grace, prepared.shipped, 'PROCESSING');
  await leaveEventsUnhandled(release, scene, ada, goods);

  // The broker is down from here on, so new events stay in the outboxes.
  note('accepted without a broker; there is stock', await placeOrder(ada, [teapot, 2]), {
    status: 'RESERVED',
    addedHistory: ['RESERVED'],
  });
  note('accepted without a broker; there is not enough stock', await placeOrder(ada, [print, 5]), {
    status: 'FAILED',
    addedHistory: ['FAILED'],
  });
  const unwanted = note('accepted and cancelled without a broker', await placeOrder(ada, [mug, 2]));
  await cancel(ada, unwanted, 'A mistake');
  note('a reservation that was cancelled without a broker', prepared.cancelled);
  await cancel(ada, prepared.cancelled, 'Too heavy');
  note('an order that was shipped without a broker', prepared.shipped);
  await moveOn(grace, prepared.shipped, 'SHIPPED', { trackingNumber: 'TRACK-3' });
  note('an order that was paid without a broker', prepared.paid);
  requireResult(await pay(ada, prepared.paid), 'PayOrderSuccess');
  await adjustStock(grace, mug, 7, 'A delivery');
  await changePrice(grace, teapot, 2099, 'USD');
  await createProduct(grace, {
    sku: 'BOOK-1',
    name: 'Book of teas',
    description: 'Put on sale while there was no broker.',
    price: { amount: 2500, currencyCode: 'USD' },
    initialStock: 3,
  });
  await deleteAccount(erin);
  notes.accounts.push(describeAccount(await register(graphqlUrl, 'Fay')));

  await loseAnswer(databases, ada, prepared.lost);
  note('a payment that was made, and whose answer was lost', prepared.lost, {
    status: 'PAID',
    addedHistory: ['PAID'],
    payments: ['SUCCEEDED'],
  });
  await databases.hold('order', 'LOCK TABLE simulated_charges, simulated_refunds IN SHARE MODE');
  requireResult(await pay(ada, prepared.neverMade), 'PaymentProviderUnavailable');
  note('a payment that was recorded and never made', prepared.neverMade, {
    status: 'EXPIRED',
    addedHistory: ['EXPIRED'],
    payments: ['FAILED'],
  });
  await refund(grace, prepared.refunded, 300);
  note('a refund that was recorded and not made yet', prepared.refunded, { payments: ['PARTIALLY_REFUNDED'] });
  await cancel(ada, prepared.calledOff, 'Found it cheaper');
  note('a cancelled order whose money was not given back yet', prepared.calledOff, { payments: ['REFUNDED'] });
}

/**
 * Leaves an event of each direction in its stream: the broker has it, and its consumer does not handle it. One consumer
 * waits for a lock, the other one is frozen. Both restart when the broker is gone.
 */
async function leaveEventsUnhandled(
  release: Release,
  { databases, notes }: Scene,
  customer: Person,
  { teapot, mug }: Goods,
): Promise<void> {
  await release.freeze('product');
  const answered = await placeOrder(customer, [teapot, 1]);
  const hold = await databases.hold('order', 'SELECT FROM orders WHERE id = $1 FOR UPDATE', [answered]);
  await release.resume('product');
  const answer = await untilPublished(databases, 'product', 'shop.inventory.reserved.v1', answered);
  notes.unhandled.push({ id: answer, publisher: 'product', consumer: 'order-from-product' });
  notes.note('stock was reserved, and the order does not know', answered, {
    status: 'RESERVED',
    addedHistory: ['RESERVED'],
  });

  await release.freeze('product');
  const placed = await placeOrder(customer, [mug, 1]);
  const created = await untilPublished(databases, 'order', 'shop.order.created.v1', placed);
  notes.unhandled.push({ id: created, publisher: 'order', consumer: 'product-from-order' });
  notes.note('the broker has the order, and no stock is reserved yet', placed, {
    status: 'RESERVED',
    addedHistory: ['RESERVED'],
  });

  await release.removeBroker();
  await Promise.all([release.restart('product'), release.restart('order')]);
  await hold.release();
}

/** Waits until the broker has acknowledged an event about an order; returns the event's id. */
function untilPublished(
  databases: Databases,
  publisher: 'product' | 'order',
  type: string,
  orderId: string,
): Promise<string> {
  return eventually(async () => {
    const [row] = await databases.query<{ id: string }>(
      publisher,
      `SELECT id FROM outbox WHERE type = $1 AND payload->'data'->>'orderId' = $2 AND published_at IS NOT NULL`,
      [type, orderId],
    );
    if (row === undefined) throw new Error(`${publisher} has not published ${type} about ${orderId}.`);
    return row.id;
  });
}

/**
 * Pays with a card whose charge succeeds and whose answer is lost. The row is locked before the timer looks up the
 * outcome. The timer skips locked rows.
 */
async function loseAnswer(databases: Databases, customer: Person, orderId: string): Promise<void> {
  const answer = pay(customer, orderId, 'tok_timeout');
  const id = await eventually(async () => {
    const [row] = await databases.query<{ id: string }>('order', 'SELECT id FROM payments WHERE order_id = $1', [
      orderId,
    ]);
    if (row === undefined) throw new Error(`The order ${orderId} has no payment.`);
    return row.id;
  });
  // A lock of the key lets the service change the row's other columns, and makes the timer skip the row.
  await databases.hold('order', 'SELECT FROM payments WHERE id = $1 FOR KEY SHARE', [id]);
  requireResult(await answer, 'PaymentProviderUnavailable');
}
