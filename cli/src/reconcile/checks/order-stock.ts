import type { Difference } from '../difference.ts';
import { pairById, readInOrder, findUnpublished } from '../side-by-side.ts';
import type { Snapshot } from '../snapshot.ts';

interface Order {
  readonly id: string;
  readonly number: string;
  readonly status: string;
}

interface Reservation {
  readonly id: string;
  readonly status: string;
}

const orders = `SELECT id, number, status::text FROM every_order
  WHERE $1::uuid[] IS NULL OR id = ANY ($1) ORDER BY id`;
const reservations = `SELECT order_id AS id, status::text FROM reservations
  WHERE $1::uuid[] IS NULL OR order_id = ANY ($1) ORDER BY order_id`;

const closed = ['none', 'REJECTED', 'RELEASED'];

/** The states that a reservation may have, by the status of its order; `none` means that there is no reservation. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['none'],
  RESERVED: ['RESERVED'],
  PAID: ['RESERVED'],
  PROCESSING: ['RESERVED'],
  SHIPPED: ['COMMITTED'],
  DELIVERED: ['COMMITTED'],
  FAILED: closed,
  CANCELLED: closed,
  EXPIRED: closed,
};

/**
 * Compares orders with the stock that the product subgraph reserves for them.
 *
 * @returns the differences by order id. An order with unpublished events in either outbox is not compared.
 */
export async function compareStock(
  product: Snapshot,
  order: Snapshot,
  only: readonly string[] | null,
): Promise<Map<string, Difference>> {
  const [decisions, moves] = [await findUnpublished(product), await findUnpublished(order)];
  const differences = new Map<string, Difference>();
  for await (const [placed, held] of pairById(
    readInOrder<Order>(order, orders, only),
    readInOrder<Reservation>(product, reservations, only),
  )) {
    const { id } = (placed ?? held) as Order | Reservation;
    if (decisions.has(id) || moves.has(id)) continue;
    const message = describe(placed, held?.status ?? 'none');
    if (message !== null)
      differences.set(id, {
        check: 'order-stock',
        subject: placed ? `order ${placed.number} (${id})` : `order ${id}`,
        message,
      });
  }
  return differences;
}

function describe(order: Order | undefined, reservation: string): string | null {
  const stock =
    { none: 'no reservation', RESERVED: 'stock reserved', COMMITTED: 'stock that has shipped' }[reservation] ??
    `a reservation that is ${reservation}`;
  // A release for an order that never existed leaves a tombstone.
  if (order === undefined)
    return reservation === 'RESERVED' || reservation === 'COMMITTED' ? `it does not exist, and has ${stock}` : null;
  return allowed[order.status]?.includes(reservation) ? null : `it is ${order.status}, and has ${stock}`;
}
