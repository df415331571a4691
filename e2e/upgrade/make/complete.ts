import type { OrderStatus, PaymentStatus } from '@shop/client';
import type { Manifest } from '../manifest.ts';

const ORDER_STATUSES: Readonly<Record<OrderStatus, true>> = {
  PENDING: true,
  RESERVED: true,
  PAID: true,
  PROCESSING: true,
  SHIPPED: true,
  DELIVERED: true,
  FAILED: true,
  CANCELLED: true,
  EXPIRED: true,
};

const PAYMENT_STATUSES: Readonly<Record<PaymentStatus, true>> = {
  PENDING: true,
  FAILED: true,
  SUCCEEDED: true,
  DECLINED: true,
  REFUNDED: true,
  PARTIALLY_REFUNDED: true,
};

/** @throws Error when the archive lacks a state that the upgrade test needs. */
export function requireComplete({ orders, unpublished, unhandled, deadLetters, rows }: Manifest): void {
  const missing: string[] = [];
  const need = (isThere: boolean, what: string): void => void (isThere || missing.push(what));
  for (const status of Object.keys(ORDER_STATUSES)) {
    need(
      orders.some(({ archived }) => archived.status === status),
      `an order that is ${status}`,
    );
  }
  const payments = orders.flatMap(({ archived }) => archived.payments);
  for (const status of Object.keys(PAYMENT_STATUSES)) {
    need(
      payments.some((payment) => payment.status === status),
      `a payment that is ${status}`,
    );
  }
  for (const [subgraph, ids] of Object.entries(unpublished)) need(ids.length > 0, `a waiting event of ${subgraph}`);
  for (const subgraph of ['product', 'order'] as const) {
    need((rows[subgraph]['inbox'] ?? 0) > 0, `a handled event of ${subgraph}`);
    need(
      unhandled.some(({ publisher }) => publisher === subgraph),
      `an unhandled event of ${subgraph}`,
    );
  }
  need(deadLetters.length > 0, 'a dead letter');
  if (missing.length > 0) throw new Error(`The archive lacks ${missing.join(', ')}.`);
}
