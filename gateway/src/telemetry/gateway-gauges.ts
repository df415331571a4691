import type { Metrics } from '@shop/process';
import type { RateLimiter } from '../edge/rate-limiter.ts';
import type { ServedGraphs } from '../graph/served-graphs.ts';
import type { RevokedSessions } from '../identity/revoked-sessions.ts';

/** Adds the gauges that are read from the parts of the gateway when metrics are scraped. */
export function addGatewayGauges(
  metrics: Metrics,
  options: {
    graphs: Pick<ServedGraphs, 'current' | 'size'>;
    revokedSessions: Pick<RevokedSessions, 'size' | 'isCurrent'>;
    rateLimiter: RateLimiter | undefined;
  },
): void {
  const { graphs, revokedSessions, rateLimiter } = options;
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
    name: 'shop_gateway_plans',
    help: 'Query plans that are kept',
    read: () => graphs.current.plans.state.plans,
  });
  metrics.gauge({
    name: 'shop_gateway_plans_bytes',
    help: 'Memory of the kept plans, by estimate. PLAN_CACHE_BYTES bounds it',
    read: () => graphs.current.plans.state.bytes,
  });
  metrics.gauge({
    name: 'shop_gateway_documents',
    help: 'Parsed documents that are kept with their compiled operations',
    read: () => graphs.current.documents.state.documents,
  });
  metrics.gauge({
    name: 'shop_gateway_documents_bytes',
    help: 'Memory of the kept documents and their compiled operations, by estimate. DOCUMENT_CACHE_BYTES bounds it',
    read: () => graphs.current.documents.state.bytes,
  });
  metrics.gauge({
    name: 'shop_gateway_planner_queue_length',
    help: 'Operations that wait for the thread of the planner',
    read: () => graphs.current.plans.state.queued,
  });
  metrics.gauge({
    name: 'shop_gateway_revoked_sessions',
    help: 'Sessions whose access tokens are refused although they have not expired',
    read: () => revokedSessions.size,
  });
  metrics.gauge({
    name: 'shop_gateway_revoked_sessions_current',
    help: 'Whether revocations reach the gateway now. Without NATS they do not',
    read: () => (revokedSessions.isCurrent() ? 1 : 0),
  });
  metrics.gauge({
    name: 'shop_gateway_rate_limiter_shared',
    help: 'Whether rates are counted together with the other gateways as configured: 0 while Redis is away. Absent without a limit',
    read: () => (rateLimiter === undefined ? [] : rateLimiter.isShared() ? 1 : 0),
  });
}
