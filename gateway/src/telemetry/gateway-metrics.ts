import { callBuckets, type Counter, type Histogram, type Metrics } from '@shop/process';

/** The counts and times that the parts of the gateway take while they work. Gauges are read from the parts themselves. */
export interface GatewayMetrics {
  readonly operations: Counter<'operation' | 'type' | 'outcome'>;
  readonly operationDurations: Histogram<'operation'>;
  readonly errors: Counter<'code'>;
  readonly rejections: Counter<'reason'>;
  readonly calls: Counter<'subgraph' | 'outcome'>;
  readonly callDurations: Histogram<'subgraph'>;
  readonly resends: Counter<'subgraph'>;
  readonly sharedReads: Counter<'subgraph'>;
  readonly breakerChanges: Counter<'subgraph' | 'state'>;
  readonly planLookups: Counter<'result'>;
  readonly planningDurations: Histogram<'outcome'>;
  readonly documentLookups: Counter<'result'>;
  readonly tokenLookups: Counter<'result'>;
  readonly supergraphReloads: Counter<'outcome'>;
  readonly liveReads: Counter<'field' | 'outcome'>;
}

export function createGatewayMetrics(metrics: Metrics): GatewayMetrics {
  const rejections = metrics.counter({
    name: 'shop_gateway_rejections_total',
    help: 'Requests that were refused before their operation was executed, by reason: an error code in lower case, or overloaded',
    labels: ['reason'],
  });
  for (const reason of ['overloaded', 'rate_limited', 'unauthenticated']) rejections.inc({ reason }, 0);
  const supergraphReloads = metrics.counter({
    name: 'shop_gateway_supergraph_reloads_total',
    help: 'Changes of the supergraph file by outcome: loaded, refused (it cannot be served, and the supergraph before it stays)',
    labels: ['outcome'],
  });
  for (const outcome of ['loaded', 'refused']) supergraphReloads.inc({ outcome }, 0);
  return {
    rejections,
    supergraphReloads,
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
    calls: metrics.counter({
      name: 'shop_gateway_subgraph_calls_total',
      help:
        'Calls to subgraphs by outcome: answered, errors (in a GraphQL answer), ' +
        'or why there is none: timeout, connection, frozen, too-large, invalid',
      labels: ['subgraph', 'outcome'],
    }),
    callDurations: metrics.histogram({
      name: 'shop_gateway_subgraph_call_duration_seconds',
      help: 'Time of a call to a subgraph, with its waits and repetitions',
      labels: ['subgraph'],
      buckets: callBuckets,
    }),
    resends: metrics.counter({
      name: 'shop_gateway_subgraph_resends_total',
      help: 'Calls that were sent again after their connection broke',
      labels: ['subgraph'],
    }),
    sharedReads: metrics.counter({
      name: 'shop_gateway_subgraph_reads_shared_total',
      help: 'Reads that joined an equal one that was on its way, and were not sent themselves',
      labels: ['subgraph'],
    }),
    breakerChanges: metrics.counter({
      name: 'shop_gateway_subgraph_breaker_changes_total',
      help: 'Changes of the circuit breakers of instances, by the new state',
      labels: ['subgraph', 'state'],
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
      help: 'Lookups of parsed documents: prepared (answered before, and needs no Apollo Server), persisted, hit, miss',
      labels: ['result'],
    }),
    tokenLookups: metrics.counter({
      name: 'shop_gateway_token_lookups_total',
      help: 'Lookups of verified access tokens: hit, miss (it is verified)',
      labels: ['result'],
    }),
  };
}
