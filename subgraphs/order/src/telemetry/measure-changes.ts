import { type Metrics, workBuckets } from '@shop/process';
import type { CommittedChange } from '../db/committed-changes.ts';
import type { Database } from '../db/database.ts';

/** Measures what becomes of orders, payments and refunds, once it is committed. Each replica counts what it has done itself. */
export function measureChanges(metrics: Metrics, { onCommitted }: Pick<Database, 'onCommitted'>): void {
  const steps = metrics.histogram({
    name: 'shop_order_step_delay_seconds',
    help: 'Time from the placing of an order to a step of it, such as RESERVED, FAILED or PAID',
    labels: ['step'],
    buckets: workBuckets,
  });
  const payments = metrics.counter({
    name: 'shop_payments_total',
    help: 'Attempts to pay by outcome',
    labels: ['outcome'],
  });
  const refunds = metrics.counter({ name: 'shop_refunds_total', help: 'Refunds that were made' });
  // The first one is then an increase.
  for (const outcome of ['SUCCEEDED', 'FAILED']) payments.inc({ outcome }, 0);

  // Only db/ of this subgraph leaves notes.
  onCommitted((note) => {
    const change = note as CommittedChange;
    switch (change.kind) {
      case 'step':
        return steps.observe({ step: change.type }, change.secondsSincePlaced);
      case 'payment':
        return payments.inc({ outcome: change.status });
      case 'refund':
        return refunds.inc();
      default:
        return change satisfies never;
    }
  });
}
