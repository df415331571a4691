import { availableOf, reserve, type Movement, type Stock } from './stock.ts';

export interface Line {
  readonly productId: string;
  readonly quantity: number;
}

export type ReservationDecision =
  | { readonly kind: 'reserved'; readonly movements: readonly Movement[] }
  | { readonly kind: 'rejected'; readonly reason: string; readonly productIds: readonly string[] };

/** All lines or none: one line that cannot be reserved rejects the order, and names every such line. */
export function decideReservation(stocks: ReadonlyMap<string, Stock>, lines: readonly Line[]): ReservationDecision {
  const short = lines.filter(({ productId, quantity }) => {
    const stock = stocks.get(productId);
    return !stock || availableOf(stock) < quantity;
  });
  if (short.length > 0) {
    return { kind: 'rejected', reason: 'Out of stock.', productIds: short.map(({ productId }) => productId) };
  }
  return {
    kind: 'reserved',
    movements: lines.map(({ productId, quantity }) => reserve(stocks.get(productId) as Stock, quantity)),
  };
}

/** The order in which stocks are locked by everyone, so that two orders over the same products cannot deadlock. */
export function inLockOrder(lines: readonly Line[]): Line[] {
  return [...lines].sort((a, b) => (a.productId < b.productId ? -1 : 1));
}
