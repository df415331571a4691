import type { OrderStatus } from '@shop/client';

/** The confirmations that clients got. The system must honour them. */
export interface Journal {
  readonly orders: ToldOrder[];
  /** Answers that contradict each other, or that are impossible for an order of this kind. */
  readonly contradictions: string[];
}

/** An order that was confirmed to a client as accepted. */
export interface ToldOrder {
  readonly id: string;
  readonly customerId: string;
  readonly key: string;
  readonly lines: readonly Line[];
  /** Statuses that were confirmed to a client as the effect of its own command. */
  readonly told: Set<OrderStatus>;
  /** Refunds that were confirmed to staff: minor units by idempotency key, `null` for the whole remaining amount. */
  readonly refunds: Map<string, number | null>;
}

export interface Line {
  readonly productId: string;
  readonly quantity: number;
}

export function newJournal(): Journal {
  return { orders: [], contradictions: [] };
}

/** Units of a product in an order. */
export function unitsOf(order: Pick<ToldOrder, 'lines'>, productId: string): number {
  return order.lines.find((line) => line.productId === productId)?.quantity ?? 0;
}
