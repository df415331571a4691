import { sqlOver } from '@shop/service';
import type { Line } from '../domain/reservation.ts';
import type { Transaction } from './database.ts';

export type ReservationStatus = 'RESERVED' | 'REJECTED' | 'RELEASED';

/** Takes the one place that an order has among reservations. False where it is taken: something was decided before. */
export async function claimReservation(
  tx: Transaction,
  orderId: string,
  status: ReservationStatus,
  at: Date,
): Promise<boolean> {
  const claimed = await sqlOver(tx).query(
    `INSERT INTO reservations (order_id, status, created_at, updated_at)
     VALUES ($1::uuid, $2::"ReservationStatus", $3::timestamptz, $3::timestamptz)
     ON CONFLICT (order_id) DO NOTHING RETURNING order_id`,
    [orderId, status, at],
  );
  return claimed.length === 1;
}

export async function setReservationStatus(
  tx: Transaction,
  orderId: string,
  status: ReservationStatus,
  at: Date,
): Promise<void> {
  await tx.reservation.update({ where: { orderId }, data: { status, updatedAt: at } });
}

export async function insertReservationLines(tx: Transaction, orderId: string, lines: readonly Line[]): Promise<void> {
  await tx.reservationLine.createMany({ data: lines.map((line) => ({ orderId, ...line })) });
}

/** Locks an order's reservation and returns its status. */
export async function lockReservation(tx: Transaction, orderId: string): Promise<ReservationStatus | null> {
  const [reservation] = await sqlOver(tx).query<{ status: ReservationStatus }>(
    `SELECT status::text FROM reservations WHERE order_id = $1::uuid FOR UPDATE`,
    [orderId],
  );
  return reservation?.status ?? null;
}

export function loadReservationLines(tx: Transaction, orderId: string): Promise<Line[]> {
  return tx.reservationLine.findMany({
    where: { orderId },
    select: { productId: true, quantity: true },
  });
}
