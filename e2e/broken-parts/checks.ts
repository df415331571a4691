import { createRandom } from '@shop/testing';
import { checkAll, checkNow } from '../faults/checks/check-all.ts';
import type { Evidence } from '../faults/checks/check.ts';
import { databasesOf } from '../faults/checks/databases.ts';
import { followMailbox } from '../faults/checks/mails.ts';
import { untilSettled } from '../faults/checks/settle.ts';
import type { Journal } from '../faults/load/journal.ts';
import { cancel, follow, pay, place } from '../faults/load/buying.ts';
import { type Customer, openShopFloor, type ShopFloor } from '../faults/load/shop-floor.ts';
import type { Shop } from '../shop.ts';

let shop: Shop;
let floor: ShopFloor;
let evidence: Evidence;

const newest = `(SELECT id FROM orders ORDER BY placed_at DESC LIMIT 1)`;
const key = '00000000-0000-7000-8000-000000000001';
const firstMail = `(SELECT id FROM notifications WHERE template = 'order-placed' ORDER BY created_at LIMIT 1)`;

/** The checks of the fault tests find damage. No other order may be in the system. */
export function testChecks(openedShop: () => Shop, journal: Journal): void {
  /** A paid order, one that was cancelled after payment, and one that is reserved. */
  beforeAll(async () => {
    shop = openedShop();
    floor = await openShopFloor(shop, 100, { journal });
    const random = createRandom(1);
    const [customer] = floor.customers as [(typeof floor.customers)[number]];
    const buy = async () => {
      const order = await place(floor, customer, [{ productId: floor.scarce, quantity: 2 }], random);
      while ((await follow(floor, customer, order)) !== 'RESERVED');
      return order;
    };
    const [paid, refunded] = [await buy(), await buy(), await buy()];
    for (const order of [paid, refunded]) expect(await pay(floor, customer, order, 'tok_visa', random)).toBe(true);
    expect(await cancel(floor, customer, refunded)).toBe(true);
    const { traffic, scarce, units } = floor;
    const mails = followMailbox(shop.stack.mailbox?.url ?? '');
    evidence = { databases: databasesOf(shop.stack), journal, traffic, scarce, units, mails };
    expect(await untilSettled(evidence, Date.now() + 60_000)).toBeNull();
  });
  afterAll(async () => {
    await evidence?.mails?.stop();
  });

  test.each<{ database: 'product' | 'order' | 'notification'; damage: string; mend: string; finds: RegExp }>([
    {
      database: 'order',
      finds: /told: 1 orders that clients were told of are not there/,
      damage: `UPDATE orders SET idempotency_key = 'x' || idempotency_key WHERE id = ${newest}`,
      mend: `UPDATE orders SET idempotency_key = substr(idempotency_key, 2) WHERE id = ${newest}`,
    },
    {
      database: 'order',
      finds: /events: 1 transitions were made twice/,
      damage: `INSERT INTO order_events SELECT '${key}', order_id, 3, type, to_status, to_status, reason, actor_id, at
        FROM order_events WHERE order_id = ${newest} AND sequence = 2`,
      mend: `DELETE FROM order_events WHERE id = '${key}'`,
    },
    {
      database: 'order',
      finds: /events: 1 orders are not what their history says/,
      damage: `UPDATE orders SET version = version + 1 WHERE id = ${newest}`,
      mend: `UPDATE orders SET version = version - 1 WHERE id = ${newest}`,
    },
    {
      database: 'product',
      finds: /events: 1 times a product was reserved twice/,
      damage: `INSERT INTO stock_movements SELECT '${key}', product_id, sequence + 100, type, on_hand_delta, reserved_delta,
        on_hand_after, reserved_after, reason, order_id, actor_id, idempotency_key, fingerprint, created_at
        FROM stock_movements WHERE type = 'RESERVED' LIMIT 1`,
      mend: `DELETE FROM stock_movements WHERE id = '${key}'`,
    },
    {
      database: 'product',
      finds: /dead letters of product are not resolved/,
      damage: `INSERT INTO dead_letters (id, consumer, stream, stream_sequence, message_id, type, payload, error, deliveries)
        VALUES ('${key}', 'c', 's', 1, 'm', 't', '', 'e', 1)`,
      mend: `DELETE FROM dead_letters WHERE id = '${key}'`,
    },
    {
      database: 'product',
      finds: /stock: 1 lines of orders are not held/,
      damage: `UPDATE stock_movements SET reserved_delta = 1
        WHERE order_id = (SELECT order_id FROM reservations WHERE status = 'RESERVED' LIMIT 1)`,
      mend: `UPDATE stock_movements SET reserved_delta = 2
        WHERE order_id = (SELECT order_id FROM reservations WHERE status = 'RESERVED' LIMIT 1)`,
    },
    {
      database: 'order',
      finds: /payments: 1 orders are paid for, and the provider has another amount/,
      damage: `UPDATE simulated_charges SET amount_minor = amount_minor + 1
        WHERE key IN (SELECT id::text FROM payments WHERE status = 'SUCCEEDED')`,
      mend: `UPDATE simulated_charges SET amount_minor = amount_minor - 1
        WHERE key IN (SELECT id::text FROM payments WHERE status = 'SUCCEEDED')`,
    },
    {
      database: 'order',
      finds: /payments: 1 charges are of no payment of ours/,
      damage: `INSERT INTO simulated_charges SELECT '${key}', declined, amount_minor, currency_code FROM simulated_charges LIMIT 1`,
      mend: `DELETE FROM simulated_charges WHERE key = '${key}'`,
    },
    {
      database: 'order',
      finds: /payments: 1 orders are not paid for, and the provider keeps money/,
      damage: `UPDATE simulated_refunds SET amount_minor = amount_minor - 1`,
      mend: `UPDATE simulated_refunds SET amount_minor = amount_minor + 1`,
    },
    {
      database: 'order',
      finds: /payments: 2 payments are not their customer/,
      damage: `UPDATE payments SET actor_id = '${key}'`,
      mend: `UPDATE payments SET actor_id = (SELECT customer_id FROM orders LIMIT 1)`,
    },
    {
      database: 'notification',
      finds: /reconcile: notifications: event .*: shop.order.created.v1 has no message order-placed/,
      damage: `UPDATE notifications SET key = 'x' || key WHERE id = ${firstMail}`,
      mend: `UPDATE notifications SET key = substr(key, 2) WHERE key LIKE 'x%'`,
    },
    {
      database: 'notification',
      finds: /messages: 1 mails were sent, and did not arrive/,
      damage: `INSERT INTO notifications SELECT (jsonb_populate_record(n, jsonb_build_object('id', '${key}'::text, 'key', 'copy',
        'order_id', NULL, 'unsubscribe_hash', NULL))).* FROM notifications AS n WHERE id = ${firstMail}`,
      mend: `DELETE FROM notifications WHERE key = 'copy'`,
    },
  ])('a check finds $finds', async ({ database, damage, mend, finds }) => {
    await evidence.databases.query(database, damage);
    try {
      expect(await checkNow(evidence, shop.stack)).toContainEqual(expect.stringMatching(finds));
    } finally {
      await evidence.databases.query(database, mend);
    }
  });

  test('a check finds an order that differs from the answer to its customer', async () => {
    const order = evidence.journal.orders.at(-1);
    order?.told.add('SHIPPED');
    expect(await checkNow(evidence, shop.stack)).toContainEqual(
      expect.stringMatching(/told: 1 orders are not what clients were told they are: .* was SHIPPED and is RESERVED/),
    );
    order?.told.delete('SHIPPED');
  });

  test('checks find a follower that is away, and the events that it has not confirmed', async () => {
    const product = shop.stack.service('product');
    product.kill('SIGSTOP');
    try {
      await place(floor, floor.customers[0] as Customer, [{ productId: floor.scarce, quantity: 1 }], createRandom(2));
      const wrong = await checkNow(evidence, shop.stack);
      expect(wrong).toContainEqual(
        expect.stringMatching(/reconcile: outbox: order: product-from-order has not confirmed \d+ events/),
      );
      expect(wrong).toContainEqual(expect.stringMatching(/health: gateway at .*"product":{"status":"down"[,}]/));
      expect(wrong).toContainEqual(expect.stringMatching(/health: product at .*: The operation was aborted/));
    } finally {
      product.kill('SIGCONT');
    }
  });

  test('the checks find nothing when all damage is repaired', async () => {
    expect(await checkAll(evidence, shop.stack)).toEqual([]);
  });
}
