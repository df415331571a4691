import { sqlOver } from '@shop/subgraph';
import { forgetArchivedActor, restoreOrdersOf } from './archive.ts';
import type { Transaction } from './database.ts';

// The country stays: tax reports need it, and it does not identify a person.
const erasedAddress = (column: string) =>
  `jsonb_build_object('recipient', NULL, 'street', '', 'city', '', 'state', NULL, 'postalCode', '', 'country', ${column}->>'country')`;

// The lock comes first, as in every other change of an order, so that later statements see the committed
// changes.
const lock = `
  WITH locked AS MATERIALIZED (SELECT FROM orders WHERE customer_id = $1::uuid ORDER BY id FOR UPDATE)
  SELECT count(*)::int AS count FROM locked`;

// Texts are found by the actor's id, so they are erased before it. The order's reason is the reason of its last
// change.
const writings = [
  `UPDATE orders SET status_reason = NULL FROM order_events AS last
   WHERE orders.customer_id = $1::uuid AND last.order_id = orders.id AND last.sequence = orders.version
     AND last.actor_id = orders.customer_id`,
  `UPDATE order_events SET reason = NULL FROM orders
   WHERE orders.customer_id = $1::uuid AND order_events.order_id = orders.id AND order_events.actor_id = orders.customer_id`,
  // The client chose the idempotency keys. The id of the payment or refund replaces them, since keys are unique within
  // an order.
  `UPDATE refunds SET reason = NULL, idempotency_key = refunds.id::text, fingerprint = '' FROM orders
   WHERE orders.customer_id = $1::uuid AND refunds.order_id = orders.id AND refunds.actor_id = orders.customer_id`,
  `UPDATE payments SET idempotency_key = payments.id::text, fingerprint = '' FROM orders
   WHERE orders.customer_id = $1::uuid AND payments.order_id = orders.id`,
];

// The goods of a paid order are still on their way, and a payment that is under way may pay a reserved one. The trigger
// `orders_erase_address` erases the address when the order is final.
const needsAddress = `(status IN ('PAID', 'PROCESSING', 'SHIPPED') OR (status = 'RESERVED'
  AND EXISTS (SELECT FROM payments WHERE payments.order_id = orders.id AND payments.status = 'PENDING')))`;

/**
 * Erases the customer from their orders, archived ones included: the customer's id, addresses and texts. The address
 * that goods are sent to is kept until the order is final.
 * The idempotency key and the fingerprint are erased too: the client chose the key, and addresses could be guessed
 * from the fingerprint. Archiving must be paused.
 */
export async function anonymiseOrders(tx: Transaction, customerId: string): Promise<void> {
  await restoreOrdersOf(tx, customerId);
  for (const statement of [lock, ...writings]) await sqlOver(tx).query(statement, [customerId]);
  await sqlOver(tx).query(
    `UPDATE orders SET customer_id = NULL, idempotency_key = '', fingerprint = '',
       shipping_address = CASE WHEN ${needsAddress} THEN shipping_address ELSE ${erasedAddress('shipping_address')} END,
       billing_address = ${erasedAddress('billing_address')}
     WHERE customer_id = $1::uuid`,
    [customerId],
  );
}

/** Erases a user as the actor of any change to any order, including changes made as staff. Archiving must be paused. */
export async function forgetActor(tx: Transaction, actorId: string): Promise<void> {
  for (const table of ['order_events', 'payments', 'refunds']) {
    await sqlOver(tx).query(`UPDATE ${table} SET actor_id = NULL WHERE actor_id = $1::uuid`, [actorId]);
  }
  await forgetArchivedActor(tx, actorId);
}
