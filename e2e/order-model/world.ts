import { createHistoryEntry, type HistoryEntry } from '../../subgraphs/order/src/domain/history.ts';
import type { OrderWithLines, Step } from '../../subgraphs/order/src/domain/order.ts';
import type { Payment } from '../../subgraphs/order/src/domain/payment.ts';
import type { Refund } from '../../subgraphs/order/src/domain/refund.ts';
import type { ReservationDecision } from '../../subgraphs/order/src/domain/reservation.ts';
import type { Reservation } from '../../subgraphs/product/src/domain/reservation.ts';
import { receive, type Stock } from '../../subgraphs/product/src/domain/stock.ts';

/** Bugs that can be planted, to show that the checks find them. */
export type Bug = 'no dedup' | 'no compensation' | 'event without state' | 'late cancel';

/** An event in transit. At-least-once: delivery may leave it in transit or remove it. */
export interface Message<Body> {
  readonly id: number;
  readonly body: Body;
}

export interface OrderMessage {
  readonly kind: 'created' | 'released' | 'shipped';
  readonly orderId: string;
  readonly lines: Reservation['lines'];
}

/** A process that has recorded a payment attempt, and asks the provider or holds its answer. */
export interface Try {
  readonly payment: Payment;
  answer: 'captured' | 'declined' | 'not-charged' | null;
}

export const INITIAL_STOCK = 6;
export const products = ['p1', 'p2'] as const;

/**
 * Both services, their broker and the payment provider, in memory. The services' own domain code makes the decisions.
 */
export class World {
  /** Milliseconds. */
  clock = 0;
  #ids = 0;
  readonly bug: Bug | null;
  readonly orders = new Map<string, OrderWithLines>();
  readonly histories = new Map<string, HistoryEntry[]>();
  readonly payments = new Map<string, Payment>();
  readonly pendingRefunds = new Map<string, Refund>();
  readonly tries: Try[] = [];
  readonly stocks = new Map<string, Stock>();
  readonly reservations = new Map<string, Reservation>();
  /** Units of an order that the product service holds, over all its movements. */
  readonly held = new Map<string, number>();
  readonly toProduct: Message<OrderMessage>[] = [];
  readonly toOrder: Message<ReservationDecision>[] = [];
  /** Ids of messages whose effect is committed. */
  readonly inbox = new Set<number>();
  /** The provider's memory: by payment, and by refund. */
  readonly charges = new Map<string, { outcome: 'captured' | 'declined'; amountMinor: number }>();
  readonly refunds = new Map<string, { chargeKey: string; amountMinor: number }>();

  constructor(bug: Bug | null = null) {
    this.bug = bug;
    for (const productId of products) {
      this.stocks.set(productId, receive({ productId, onHand: 0, reserved: 0, sequence: 0 }, INITIAL_STOCK).after);
    }
  }

  get now(): Date {
    return new Date(this.clock);
  }

  newId(kind: string): string {
    return `${kind}${(this.#ids += 1)}`;
  }

  order(id: string): OrderWithLines {
    return this.orders.get(id) as OrderWithLines;
  }

  /** State, history and event commit together. */
  commit(step: Step<OrderWithLines> | null, event?: OrderMessage['kind']): boolean {
    if (!step) return false;
    const { order } = step;
    if (this.bug !== 'event without state' || event !== 'released') {
      this.orders.set(order.id, order);
      this.histories.set(order.id, [...(this.histories.get(order.id) ?? []), createHistoryEntry(step)]);
    }
    if (event) this.publish(order, event);
    return true;
  }

  publish({ id, lines }: OrderWithLines, kind: OrderMessage['kind']): void {
    const body = { kind, orderId: id, lines: lines.map(({ productId, quantity }) => ({ productId, quantity })) };
    this.toProduct.push({ id: (this.#ids += 1), body });
  }

  decide(body: ReservationDecision): void {
    this.toOrder.push({ id: (this.#ids += 1), body });
  }

  /** An order's payments as they are loaded. The time decides whether an attempt is over. */
  paymentsOf(orderId: string): Payment[] {
    const payments = [...this.payments.values()].filter((payment) => payment.orderId === orderId);
    return payments.map((payment) => ({ ...payment, isOver: payment.chargeUntil.getTime() + 5_000 < this.clock }));
  }

  paymentById(id: string): Payment {
    const { orderId } = this.payments.get(id) as Payment;
    return this.paymentsOf(orderId).find((payment) => payment.id === id) as Payment;
  }
}
