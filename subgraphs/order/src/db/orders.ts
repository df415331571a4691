import { sqlOver, type RawSqlClient } from '@shop/subgraph';
import type { OrderWithLines } from '../domain/order.ts';
import { orderColumns } from './order-rows.ts';

/** Identifies a customer's request to place an order. */
export interface OrderKey {
  readonly customerId: string;
  readonly idempotencyKey: string;
}

export interface OrderByKey {
  readonly order: OrderWithLines;
  /** Fingerprint of the input that was sent with the key. */
  readonly fingerprint: string;
}

/** Loads the order that was placed with each key, or null, in one statement. */
export async function loadOrdersByKeys(
  client: RawSqlClient,
  keys: readonly OrderKey[],
): Promise<(OrderByKey | null)[]> {
  const rows = await sqlOver(client).query<OrderWithLines & { position: number; fingerprint: string }>(
    `SELECT asked.position::int, o.fingerprint, ${orderColumns}
       FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS asked(customer_id, idempotency_key, position)
       JOIN orders o USING (customer_id, idempotency_key)`,
    [keys.map(({ customerId }) => customerId), keys.map(({ idempotencyKey }) => idempotencyKey)],
  );
  const found = new Map(rows.map(({ position, fingerprint, ...order }) => [position, { order, fingerprint }]));
  return keys.map((_key, index) => found.get(index + 1) ?? null);
}
