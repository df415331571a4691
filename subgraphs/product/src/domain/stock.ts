/** Maximum number of units of one product in the warehouse. */
export const MAX_ON_HAND = 1_000_000_000;

export interface Stock {
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
  /** Number of movements so far. */
  readonly sequence: number;
}

export type MovementType = 'RECEIVED' | 'ADJUSTED' | 'RESERVED' | 'RELEASED' | 'COMMITTED' | 'RETURNED';

/** A signed change of one stock, and the resulting balances. */
export interface Movement {
  readonly type: MovementType;
  readonly onHandDelta: number;
  readonly reservedDelta: number;
  readonly after: Stock;
}

export function countAvailable({ onHand, reserved }: Stock): number {
  return onHand - reserved;
}

export function receive(stock: Stock, quantity: number): Movement {
  return move(stock, 'RECEIVED', { onHand: quantity, reserved: 0 });
}

export function reserve(stock: Stock, quantity: number): Movement {
  return move(stock, 'RESERVED', { onHand: 0, reserved: quantity });
}

export function release(stock: Stock, quantity: number): Movement {
  return move(stock, 'RELEASED', { onHand: 0, reserved: -quantity });
}

/** Removes reserved units from the warehouse. */
export function commit(stock: Stock, quantity: number): Movement {
  return move(stock, 'COMMITTED', { onHand: -quantity, reserved: -quantity });
}

export type Adjustment =
  | { readonly kind: 'adjusted'; readonly movement: Movement }
  | { readonly kind: 'insufficient-stock'; readonly available: number }
  | { readonly kind: 'too-much' };

/** Adjusts on-hand stock, which never falls below the reserved units. */
export function adjust(stock: Stock, delta: number): Adjustment {
  if (countAvailable(stock) + delta < 0) return { kind: 'insufficient-stock', available: countAvailable(stock) };
  if (stock.onHand + delta > MAX_ON_HAND) return { kind: 'too-much' };
  return { kind: 'adjusted', movement: move(stock, 'ADJUSTED', { onHand: delta, reserved: 0 }) };
}

function move(stock: Stock, type: MovementType, delta: { onHand: number; reserved: number }): Movement {
  return {
    type,
    onHandDelta: delta.onHand,
    reservedDelta: delta.reserved,
    after: {
      productId: stock.productId,
      onHand: stock.onHand + delta.onHand,
      reserved: stock.reserved + delta.reserved,
      sequence: stock.sequence + 1,
    },
  };
}
