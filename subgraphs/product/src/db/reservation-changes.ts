import { insertIntoOutbox, outboxRows, type OutboxEvent } from '@shop/messaging';
import { sqlOver, uuidv7 } from '@shop/subgraph';
import type { OrderMovement, ReservationStatus } from '../domain/reservation.ts';
import type { Transaction } from './database.ts';

/** Changes to orders whose reservations and stocks are locked. */
export interface ReservationChanges {
  /** The statuses that changed. */
  readonly statuses: readonly { readonly orderId: string; readonly status: ReservationStatus }[];
  readonly movements: readonly OrderMovement[];
  readonly events: readonly OutboxEvent[];
  readonly at: Date;
}

const write = `
WITH settled AS (
  UPDATE reservations SET status = s.status, updated_at = $3::timestamptz
  FROM jsonb_to_recordset($1::jsonb) AS s("orderId" uuid, status "ReservationStatus") WHERE reservations.order_id = s."orderId"
), movement AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS m(
    id uuid, order_id uuid, product_id uuid, sequence int, type "StockMovementType", on_hand_delta int, reserved_delta int,
    on_hand_after int, reserved_after int)
), lines AS (
  INSERT INTO reservation_lines (order_id, product_id, quantity)
  SELECT order_id, product_id, reserved_delta FROM movement WHERE type = 'RESERVED'
), ledger AS (
  INSERT INTO stock_movements (id, order_id, product_id, sequence, type, on_hand_delta, reserved_delta, on_hand_after,
    reserved_after, created_at)
  SELECT id, order_id, product_id, sequence, type, on_hand_delta, reserved_delta, on_hand_after, reserved_after, $3::timestamptz
  FROM movement
), balances AS (
  UPDATE stocks SET on_hand = last.on_hand_after, reserved = last.reserved_after, sequence = last.sequence
  FROM (SELECT DISTINCT ON (product_id) * FROM movement ORDER BY product_id, sequence DESC) AS last
  WHERE stocks.product_id = last.product_id
)
${insertIntoOutbox('$4')}`;

/**
 * Writes statuses, lines, ledger rows, balances and events in one statement. A RESERVED movement also inserts the
 * order's line.
 */
export async function changeReservations(
  tx: Transaction,
  { statuses, movements, events, at }: ReservationChanges,
): Promise<void> {
  const rows = movements.map(({ orderId, type, onHandDelta, reservedDelta, after }) => ({
    id: uuidv7(),
    order_id: orderId,
    product_id: after.productId,
    sequence: after.sequence,
    type,
    on_hand_delta: onHandDelta,
    reserved_delta: reservedDelta,
    on_hand_after: after.onHand,
    reserved_after: after.reserved,
  }));
  await sqlOver(tx).query(write, [JSON.stringify(statuses), JSON.stringify(rows), at, outboxRows(events)]);
}
