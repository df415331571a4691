import type { OrderStatus } from '@shop/client';

/** What clients were told. The system has to stand by it. */
export interface Journal {
  readonly orders: ToldOrder[];
  /** Answers that contradict each other, or that an order of this kind cannot have. */
  readonly contradictions: string[];
}

/** An order that a client was told is accepted. */
export interface ToldOrder {
  readonly id: string;
  readonly customerId: string;
  readonly key: string;
  readonly lines: readonly Line[];
  /** Statuses that a client was told its own command has brought about. */
  readonly told: Set<OrderStatus>;
  /** Refunds that staff were told are accepted: minor units by idempotency key, `null` for all that was left. */
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
