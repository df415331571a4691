import { countAvailable, reserve, type Movement, type Stock } from './stock.ts';

export interface Line {
  readonly productId: string;
  readonly quantity: number;
}

/** An order as far as stock is concerned. */
export interface OrderLines {
  readonly orderId: string;
  readonly lines: readonly Line[];
}

/** RESERVED is open: it becomes RELEASED or COMMITTED. The other three are for ever. */
export type ReservationStatus = 'RESERVED' | 'REJECTED' | 'RELEASED' | 'COMMITTED';

export interface Reservation extends OrderLines {
  readonly status: ReservationStatus;
}

export type ReservationDecision =
  | { readonly kind: 'reserved'; readonly movements: readonly Movement[] }
  | { readonly kind: 'rejected'; readonly reason: string; readonly productIds: readonly string[] };

/** All lines or none: one line that cannot be reserved rejects the order, and names every such line. */
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

/** What becomes of an order, with its lines. */
export interface DecidedOrder extends OrderLines {
  readonly decision: ReservationDecision;
}

/** Decides one order after the other, each on the balances that those before it leave. */
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

/** Moves the stock of each line, such as by `release`, on the balances that the lines before it leave. */
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

/** The last balances of each product that the movements touch. */
export function balancesAfter(movements: readonly Movement[]): Stock[] {
  return [...new Map(movements.map(({ after }) => [after.productId, after])).values()];
}

/**
 * Each order once, and each of its products once. Ids are spelt as the database spells them, so that what it returns is
 * found again.
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
