import { sqlOver } from '@shop/subgraph';
import type { Transaction } from './database.ts';

// The country stays: taxes are reported by it, and it names nobody.
const erasedAddress = (column: string) =>
  `jsonb_build_object('recipient', NULL, 'street', '', 'city', '', 'state', NULL, 'postalCode', '', 'country', ${column}->>'country')`;

// First, as whoever changes an order or its payments does: the statements after it see what those did.
const lock = `
  WITH locked AS MATERIALIZED (SELECT FROM orders WHERE customer_id = $1::uuid ORDER BY id FOR UPDATE)
  SELECT count(*)::int AS count FROM locked`;

// What the customer wrote goes before the actor does. The reason of the last change is the order's reason, too.
const writings = [
  `UPDATE orders SET status_reason = NULL FROM order_events AS last
   WHERE orders.customer_id = $1::uuid AND last.order_id = orders.id AND last.sequence = orders.version
     AND last.actor_id = orders.customer_id`,
  `UPDATE order_events SET reason = NULL FROM orders
   WHERE orders.customer_id = $1::uuid AND order_events.order_id = orders.id AND order_events.actor_id = orders.customer_id`,
  `UPDATE refunds SET reason = NULL FROM orders
   WHERE orders.customer_id = $1::uuid AND refunds.order_id = orders.id AND refunds.actor_id = orders.customer_id`,
  // A payment's key is the client's own text; unique among those of its order, it becomes the payment's id.
  `UPDATE payments SET idempotency_key = payments.id::text, fingerprint = '' FROM orders
   WHERE orders.customer_id = $1::uuid AND payments.order_id = orders.id`,
];

/**
 * Takes the person out of their orders: customer, addresses, and what they wrote. The idempotency key is the client's own
 * text, and the fingerprint could be tried with guessed addresses. Without the customer neither is ever looked up.
 */
export async function anonymiseOrders(tx: Transaction, customerId: string): Promise<void> {
  for (const statement of [lock, ...writings]) await sqlOver(tx).query(statement, [customerId]);
  await sqlOver(tx).query(
    `UPDATE orders SET customer_id = NULL, idempotency_key = '', fingerprint = '',
       shipping_address = ${erasedAddress('shipping_address')}, billing_address = ${erasedAddress('billing_address')}
     WHERE customer_id = $1::uuid`,
    [customerId],
  );
}

/** Takes the person out of whatever they did to whichever order, also as staff. */
export async function forgetActor(tx: Transaction, actorId: string): Promise<void> {
  for (const table of ['order_events', 'payments', 'refunds']) {
    await sqlOver(tx).query(`UPDATE ${table} SET actor_id = NULL WHERE actor_id = $1::uuid`, [actorId]);
  }
}
