import { insertIntoOutbox, outboxRows, type OutboxEvent } from '@shop/messaging';
import { sqlOver, uuidv7 } from '@shop/subgraph';
import { createHistoryEntry } from '../domain/history.ts';
import type { OrderWithLines, Step } from '../domain/order.ts';
import { restoreOrders } from './archive.ts';
import { noteCommitted } from './committed-changes.ts';
import type { Transaction } from './database.ts';
import { orderColumns } from './order-rows.ts';

/**
 * Locks orders until the transaction ends, in ascending order of id. A concurrent command waits and then sees the
 * change. Orders that do not exist are left out. Archived ones are brought back.
 */
export async function lockOrders(tx: Transaction, orderIds: readonly string[]): Promise<Map<string, OrderWithLines>> {
  const lock = async (): Promise<Map<string, OrderWithLines>> => {
    const rows = await sqlOver(tx).query<OrderWithLines>(
      `SELECT ${orderColumns} FROM orders o WHERE o.id = ANY($1::uuid[]) ORDER BY o.id FOR UPDATE OF o`,
      [orderIds],
    );
    return new Map(rows.map((row) => [row.id, row]));
  };
  const locked = await lock();
  const missing = orderIds.filter((id) => !locked.has(id.toLowerCase()));
  return missing.length > 0 && (await restoreOrders(tx, missing)) > 0 ? lock() : locked;
}

export async function lockOrder(tx: Transaction, orderId: string): Promise<OrderWithLines | null> {
  return (await lockOrders(tx, [orderId])).get(orderId.toLowerCase()) ?? null;
}

/**
 * Locks an order for a change by a user. Returns null when there is no such order, or when the user's account was
 * erased: an access token outlives its account by up to 15 minutes.
 */
export async function lockOrderFor(tx: Transaction, orderId: string, actorId: string): Promise<OrderWithLines | null> {
  const lock = async (): Promise<OrderWithLines | undefined> => {
    // The account is locked before the order, as in an erasure, so that the two cannot deadlock.
    const [order] = await sqlOver(tx).query<OrderWithLines>(
      `WITH account AS MATERIALIZED (SELECT account_is_open($2::uuid) AS is_open)
       SELECT ${orderColumns} FROM account JOIN orders o ON account.is_open WHERE o.id = $1::uuid FOR UPDATE OF o`,
      [orderId, actorId],
    );
    return order;
  };
  return (await lock()) ?? ((await restoreOrders(tx, [orderId])) > 0 ? ((await lock()) ?? null) : null);
}

/** Locks up to `limit` orders whose reservation has expired. Skips orders that are locked or are being paid. */
export async function lockExpired(tx: Transaction, at: Date, limit: number): Promise<OrderWithLines[]> {
  const paying = (order: string) =>
    `EXISTS (SELECT FROM payments p WHERE p.order_id = ${order} AND p.status = 'PENDING')`;
  const rows = await sqlOver(tx).query<OrderWithLines>(
    `SELECT ${orderColumns} FROM orders o WHERE o.status = 'RESERVED' AND o.reserved_until <= $1::timestamptz AND NOT ${paying('o.id')}
      ORDER BY o.reserved_until LIMIT $2::int FOR UPDATE OF o SKIP LOCKED`,
    [at, limit],
  );
  if (rows.length === 0) return rows;
  // Checked again under the locks: the first statement does not see payments that were recorded after it began.
  const inFlight = await sqlOver(tx).query<{ id: string }>(
    `SELECT id::text FROM unnest($1::uuid[]) AS o(id) WHERE ${paying('o.id')}`,
    [rows.map(({ id }) => id)],
  );
  return rows.filter(({ id }) => !inFlight.some((paid) => paid.id === id));
}

export type ChangedOrder = Step<OrderWithLines>;

const update = `
WITH change AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS c(
    id uuid, status "OrderStatus", status_reason text, reserved_until timestamptz, tracking_number text, version int,
    updated_at timestamptz, event_id uuid, type text, from_status "OrderStatus", reason text, actor_id uuid, details jsonb)
), updated AS (
  UPDATE orders SET status = change.status, status_reason = change.status_reason, reserved_until = change.reserved_until,
    tracking_number = change.tracking_number, version = change.version, updated_at = change.updated_at
  FROM change WHERE orders.id = change.id
), history AS (
  INSERT INTO order_events (id, order_id, sequence, type, from_status, to_status, reason, actor_id, details, at)
  SELECT event_id, id, version, type, from_status, status, reason, actor_id, details, updated_at FROM change
)
${insertIntoOutbox('$2')}`;

/** Writes changes of locked orders with their history entries and events in one statement. */
export async function changeOrders(
  tx: Transaction,
  changed: readonly ChangedOrder[],
  events: readonly OutboxEvent[],
): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map((step) => {
    const { order } = step;
    const { type, fromStatus, reason, actorId, details } = createHistoryEntry(step);
    return {
      id: order.id,
      status: order.status,
      status_reason: order.statusReason,
      reserved_until: order.reservedUntil,
      tracking_number: order.trackingNumber,
      version: order.version,
      updated_at: order.updatedAt,
      event_id: uuidv7(),
      type,
      from_status: fromStatus,
      reason,
      actor_id: actorId,
      details,
    };
  });
  await sqlOver(tx).query(update, [JSON.stringify(rows), outboxRows(events)]);
  for (const { order, change } of changed) {
    const secondsSincePlaced = Math.max(0, (change.at.getTime() - order.placedAt.getTime()) / 1_000);
    noteCommitted(tx, { kind: 'step', type: change.type, secondsSincePlaced });
  }
}
