import { countAvailable, reserve, type Movement, type Stock } from './stock.ts';

export interface Line {
  readonly productId: string;
  readonly quantity: number;
}

/** The part of an order that concerns stock. */
export interface OrderLines {
  readonly orderId: string;
  readonly lines: readonly Line[];
}

/** RESERVED is open and becomes RELEASED or COMMITTED. The other three are final. */
export type ReservationStatus = 'RESERVED' | 'REJECTED' | 'RELEASED' | 'COMMITTED';

export interface Reservation extends OrderLines {
  readonly status: ReservationStatus;
}

export type ReservationDecision =
  | { readonly kind: 'reserved'; readonly movements: readonly Movement[] }
  | { readonly kind: 'rejected'; readonly reason: string; readonly productIds: readonly string[] };

/** Reserves all lines or none. If any line cannot be reserved, the order is rejected with all such lines. */
export function decideReservation(stocks: ReadonlyMap<string, Stock>, lines: readonly Line[]): ReservationDecision {
  const short = lines.filter(({ productId, quantity }) => {
    const stock = stocks.get(productId);
    return !stock || countAvailable(stock) < quantity;
  });
  if (short.length > 0) {
    return { kind: 'rejected', reason: 'Out of stock.', productIds: short.map(({ productId }) => productId) };
  }
  return {
    kind: 'reserved',
    movements: lines.map(({ productId, quantity }) => reserve(stocks.get(productId) as Stock, quantity)),
  };
}

/** The decision about an order, with its lines. */
export interface DecidedOrder extends OrderLines {
  readonly decision: ReservationDecision;
}

/** Decides one order after the other, each with the balances that the previous ones leave. */
export function decideReservations(stocks: ReadonlyMap<string, Stock>, orders: readonly OrderLines[]): DecidedOrder[] {
  const balances = new Map(stocks);
  return orders.map((order) => {
    const decision = decideReservation(balances, order.lines);
    if (decision.kind === 'reserved') for (const { after } of decision.movements) balances.set(after.productId, after);
    return { ...order, decision };
  });
}

/** A movement that an order caused. */
export interface OrderMovement extends Movement {
  readonly orderId: string;
}

/** Applies a movement, such as `release`, to each line, with the balances that the previous lines leave. */
export function moveLines(
  stocks: ReadonlyMap<string, Stock>,
  orders: readonly OrderLines[],
  move: (stock: Stock, quantity: number) => Movement,
): OrderMovement[] {
  const balances = new Map(stocks);
  return orders.flatMap(({ orderId, lines }) =>
    lines.map(({ productId, quantity }) => {
      const movement = move(balances.get(productId) as Stock, quantity);
      balances.set(productId, movement.after);
      return { orderId, ...movement };
    }),
  );
}

/** Returns the final balance of each product that the movements touch. */
export function balancesAfter(movements: readonly Movement[]): Stock[] {
  return [...new Map(movements.map(({ after }) => [after.productId, after])).values()];
}

/**
 * Merges repeated orders and repeated products of an order. Ids are written as the database writes them, so that its
 * results can be looked up.
 */
export function distinctOrders(orders: readonly OrderLines[]): OrderLines[] {
  const distinct = new Map<string, OrderLines>();
  for (const { orderId, lines } of orders) {
    const id = orderId.toLowerCase();
    if (!distinct.has(id)) distinct.set(id, { orderId: id, lines: distinctLines(lines) });
  }
  return [...distinct.values()];
}

function distinctLines(lines: readonly Line[]): Line[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    const id = productId.toLowerCase();
    quantities.set(id, (quantities.get(id) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
}
