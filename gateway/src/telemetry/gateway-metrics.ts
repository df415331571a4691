import { callBuckets, type Counter, type Histogram, type Metrics } from '@shop/process';
import { createSigningMetrics, type SigningMetrics } from './signing-metrics.ts';

/** The counts and times that the parts of the gateway take while they work. Gauges are read from the parts themselves. */
export interface GatewayMetrics extends SigningMetrics {
  readonly operations: Counter<'operation' | 'type' | 'outcome'>;
  readonly operationDurations: Histogram<'operation'>;
  readonly errors: Counter<'code'>;
  readonly sharedReads: Counter<'subgraph'>;
  readonly planLookups: Counter<'result'>;
  readonly planningDurations: Histogram<'outcome'>;
  readonly documentLookups: Counter<'result'>;
  readonly liveReads: Counter<'field' | 'outcome'>;
}

export function createGatewayMetrics(metrics: Metrics): GatewayMetrics {
  return {
    ...createSigningMetrics(metrics, ['overloaded', 'rate_limited', 'unauthenticated']),
    liveReads: metrics.counter({
      name: 'shop_gateway_live_reads_total',
      help:
        'Reads of an object because subscribers watch it, by the field of the subscription and the outcome: present, absent, ' +
        'failed (a service is away)',
      labels: ['field', 'outcome'],
    }),
    operations: metrics.counter({
      name: 'shop_gateway_operations_total',
      help:
        'Operations by name, type and outcome: ok, refused (the cause is the client), partial (a part of the data is missing), ' +
        'failed, aborted (the client left)',
      labels: ['operation', 'type', 'outcome'],
    }),
    operationDurations: metrics.histogram({
      name: 'shop_gateway_operation_duration_seconds',
      help: 'Time from the headers of a request to the end of its answer, by the name of the operation',
      labels: ['operation'],
      buckets: callBuckets,
    }),
    errors: metrics.counter({
      name: 'shop_gateway_errors_total',
      help: 'Operations with an error of a code. Other codes than those in docs/errors.md count as `other`',
      labels: ['code'],
    }),
    sharedReads: metrics.counter({
      name: 'shop_gateway_subgraph_reads_shared_total',
      help: 'Reads that joined an equal one that was on its way, and were not sent themselves',
      labels: ['subgraph'],
    }),
    planLookups: metrics.counter({
      name: 'shop_gateway_plan_lookups_total',
      help: 'Lookups of query plans: hit, miss (it is planned), shared (another request plans it already)',
      labels: ['result'],
    }),
    planningDurations: metrics.histogram({
      name: 'shop_gateway_planning_duration_seconds',
      help: 'Time in the thread of the planner, by outcome: planned, refused, exceeded (a limit), failed',
      labels: ['outcome'],
      buckets: callBuckets,
    }),
    documentLookups: metrics.counter({
      name: 'shop_gateway_document_lookups_total',
      help: 'Lookups of parsed documents: prepared (kept), new (read without Apollo Server); by Apollo Server: persisted, hit, miss',
      labels: ['result'],
    }),
  };
}
