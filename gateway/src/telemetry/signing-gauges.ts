import type { Metrics } from '@shop/process';
import type { RoutedGraph } from '../graph/routed-graph.ts';
import type { ServedGraphs } from '../graph/served-graphs.ts';
import type { RevokedSessions } from '../identity/revoked-sessions.ts';

export interface SigningGaugesOptions {
  readonly graphs: Pick<ServedGraphs<RoutedGraph>, 'current' | 'size'>;
  readonly revokedSessions: Pick<RevokedSessions, 'size' | 'isCurrent'>;
}

/** Adds the gauges of the parts that the gateway and the signing proxy share: supergraph, clients of subgraphs, revoked sessions. */
export function addSigningGauges(metrics: Metrics, { graphs, revokedSessions }: SigningGaugesOptions): void {
  const listClients = () => [...graphs.current.clients.values()];
  metrics.gauge({
    name: 'shop_gateway_supergraph_info',
    help: 'Always 1. The label is the start of the SHA-256 of the supergraph that is served',
    labels: ['hash'],
    read: () => [{ labels: { hash: graphs.current.supergraph.hash }, value: 1 }],
  });
  metrics.gauge({
    name: 'shop_gateway_supergraph_loaded_timestamp_seconds',
    help: 'When the supergraph that is served was loaded, in seconds since 1970',
    read: () => graphs.current.loadedAt.getTime() / 1_000,
  });
  metrics.gauge({
    name: 'shop_gateway_supergraphs',
    help: 'Supergraphs in memory: more than 1 while requests of an earlier one are in flight',
    read: () => graphs.size,
  });
  metrics.gauge({
    name: 'shop_gateway_subgraph_calls_in_flight',
    help: 'Calls that were sent to a subgraph and are not answered',
    labels: ['subgraph'],
    read: () =>
      listClients().map((client) => ({ labels: { subgraph: client.name }, value: client.readLoad().inFlight })),
  });
  metrics.gauge({
    name: 'shop_gateway_subgraph_calls_waiting',
    help: 'Calls that wait for an instance of a subgraph to come back',
    labels: ['subgraph'],
    read: () =>
      listClients().map((client) => ({ labels: { subgraph: client.name }, value: client.readLoad().waiting })),
  });
  metrics.gauge({
    name: 'shop_gateway_subgraph_instances',
    help: 'Instances of a subgraph by the state of their circuit breaker: closed, waiting, open, half-open',
    labels: ['subgraph', 'breaker'],
    read: () =>
      listClients().flatMap((client) =>
        Object.entries(client.readLoad().breakers).map(([breaker, value]) => ({
          labels: { subgraph: client.name, breaker },
          value,
        })),
      ),
  });
  metrics.gauge({
    name: 'shop_gateway_revoked_sessions',
    help: 'Sessions whose access tokens are refused although they have not expired',
    read: () => revokedSessions.size,
  });
  metrics.gauge({
    name: 'shop_gateway_revoked_sessions_current',
    help: 'Whether revocations reach the process now. Without NATS they do not',
    read: () => (revokedSessions.isCurrent() ? 1 : 0),
  });
}
