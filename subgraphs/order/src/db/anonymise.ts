import { sqlOver } from '@shop/service';
import type { Transaction } from './database.ts';

// The country stays: taxes are reported by it, and it names nobody.
const erasedAddress = (column: string) =>
  `jsonb_build_object('recipient', NULL, 'street', '', 'city', '', 'state', NULL, 'postalCode', '', 'country', ${column}->>'country')`;

/**
 * Takes the person out of their orders: customer, addresses, and what they wrote. The idempotency key is the client's own
 * text, and the fingerprint could be tried with guessed addresses. Without the customer neither is ever looked up.
 */
export async function anonymiseOrders(tx: Transaction, customerId: string): Promise<void> {
  // What the customer gave as the reason of the last change is the order's reason, too; it goes before the actor does.
  await sqlOver(tx).query(
    `UPDATE orders SET status_reason = NULL FROM order_events AS last
     WHERE orders.customer_id = $1::uuid AND last.order_id = orders.id AND last.sequence = orders.version
       AND last.actor_id = orders.customer_id`,
    [customerId],
  );
  await sqlOver(tx).query(
    `UPDATE order_events SET reason = NULL FROM orders
     WHERE orders.customer_id = $1::uuid AND order_events.order_id = orders.id AND order_events.actor_id = orders.customer_id`,
    [customerId],
  );
  await sqlOver(tx).query(
    `UPDATE orders SET customer_id = NULL, idempotency_key = '', fingerprint = '',
       shipping_address = ${erasedAddress('shipping_address')}, billing_address = ${erasedAddress('billing_address')}
     WHERE customer_id = $1::uuid`,
    [customerId],
  );
}

/** Takes the person out of the history of whatever order, also of ones that they handled as staff. */
export async function forgetActor(tx: Transaction, actorId: string): Promise<void> {
  await sqlOver(tx).query('UPDATE order_events SET actor_id = NULL WHERE actor_id = $1::uuid', [actorId]);
}
