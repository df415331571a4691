import { callBuckets, type Counter, type Histogram, type Metrics } from '@shop/process';

/** The counts and times of the parts that sign calls and send them, which the gateway and the signing proxy share. */
export interface SigningMetrics {
  readonly rejections: Counter<'reason'>;
  readonly calls: Counter<'subgraph' | 'outcome'>;
  readonly callDurations: Histogram<'subgraph'>;
  readonly resends: Counter<'subgraph'>;
  readonly breakerChanges: Counter<'subgraph' | 'state'>;
  readonly tokenLookups: Counter<'result'>;
  readonly supergraphReloads: Counter<'outcome'>;
}

/** @param reasons those of rejections that are 0 from the start, so that a rate sees the first one */
export function createSigningMetrics(metrics: Metrics, reasons: readonly string[]): SigningMetrics {
  const rejections = metrics.counter({
    name: 'shop_gateway_rejections_total',
    help: 'Requests that were refused before their operation was executed, by reason: an error code in lower case, or overloaded',
    labels: ['reason'],
  });
  for (const reason of reasons) rejections.inc({ reason }, 0);
  const supergraphReloads = metrics.counter({
    name: 'shop_gateway_supergraph_reloads_total',
    help: 'Changes of the supergraph file by outcome: loaded, refused (it cannot be served, and the supergraph before it stays)',
    labels: ['outcome'],
  });
  for (const outcome of ['loaded', 'refused']) supergraphReloads.inc({ outcome }, 0);
  return {
    rejections,
    supergraphReloads,
    calls: metrics.counter({
      name: 'shop_gateway_subgraph_calls_total',
      help:
        'Calls to subgraphs by outcome: answered, errors (in a GraphQL answer; the signing proxy does not look for them), ' +
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
    breakerChanges: metrics.counter({
      name: 'shop_gateway_subgraph_breaker_changes_total',
      help: 'Changes of the circuit breakers of instances, by the new state',
      labels: ['subgraph', 'state'],
    }),
    tokenLookups: metrics.counter({
      name: 'shop_gateway_token_lookups_total',
      help: 'Lookups of verified access tokens: hit, miss (it is verified)',
      labels: ['result'],
    }),
  };
}

/** Begins to measure a call to a subgraph. The result ends it, with the outcome. */
export function startCall(
  metrics: Pick<SigningMetrics, 'calls' | 'callDurations'> | undefined,
  subgraph: string,
): (outcome: string) => void {
  const startedAt = performance.now();
  return (outcome) => {
    metrics?.calls.inc({ subgraph, outcome });
    metrics?.callDurations.observe({ subgraph }, (performance.now() - startedAt) / 1_000);
  };
}
