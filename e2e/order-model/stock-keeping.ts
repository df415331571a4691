import { decideReservations, moveLines, type Reservation } from '../../subgraphs/product/src/domain/reservation.ts';
import { commit, release, type Movement, type Stock } from '../../subgraphs/product/src/domain/stock.ts';
import type { OrderMessage, World } from './world.ts';

/**
 * The product service's reaction to an order's event: it claims the order's row in the reservations, then applies its
 * domain.
 */
export function handleOrderMessage(world: World, message: OrderMessage): void {
  switch (message.kind) {
    case 'created':
      return reserve(world, message);
    case 'released':
      return giveBack(world, message);
    case 'shipped':
      return takeOut(world, message);
    default:
      return message.kind satisfies never;
  }
}

function reserve(world: World, { orderId, lines }: OrderMessage): void {
  if (world.reservations.has(orderId) && world.bug !== 'no dedup') return;
  for (const { decision } of decideReservations(world.stocks, [{ orderId, lines }])) {
    world.reservations.set(orderId, { orderId, lines, status: decision.kind === 'reserved' ? 'RESERVED' : 'REJECTED' });
    if (decision.kind === 'reserved') {
      apply(world, orderId, decision.movements);
      world.decide({ orderId, type: 'RESERVED', reason: null });
    } else {
      world.decide({ orderId, type: 'FAILED', reason: decision.reason });
    }
  }
}

function giveBack(world: World, { orderId }: OrderMessage): void {
  if (world.bug === 'no compensation') return;
  const reservation = world.reservations.get(orderId);
  // The tombstone that rejects a late reservation.
  if (!reservation) world.reservations.set(orderId, { orderId, lines: [], status: 'RELEASED' });
  else if (reservation.status === 'RESERVED') close(world, reservation, 'RELEASED', release);
}

function takeOut(world: World, { orderId }: OrderMessage): void {
  const reservation = world.reservations.get(orderId);
  if (reservation?.status === 'COMMITTED') return;
  if (reservation?.status !== 'RESERVED')
    throw new Error(`order ${orderId} has shipped and nothing is reserved for it`);
  close(world, reservation, 'COMMITTED', commit);
}

function close(
  world: World,
  reservation: Reservation,
  status: Reservation['status'],
  move: (stock: Stock, quantity: number) => Movement,
): void {
  apply(world, reservation.orderId, moveLines(world.stocks, [reservation], move));
  world.reservations.set(reservation.orderId, { ...reservation, status });
}

function apply(world: World, orderId: string, movements: readonly Movement[]): void {
  for (const { after, reservedDelta } of movements) {
    world.stocks.set(after.productId, after);
    world.held.set(orderId, (world.held.get(orderId) ?? 0) + reservedDelta);
  }
}
