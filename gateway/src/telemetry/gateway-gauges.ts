import type { Metrics } from '@shop/process';
import type { RateLimiter } from '../edge/rate-limiter.ts';
import type { ServedGraphs } from '../graph/served-graphs.ts';
import { addSigningGauges, type SigningGaugesOptions } from './signing-gauges.ts';

/** Adds the gauges that are read from the parts of the gateway when metrics are scraped. */
export function addGatewayGauges(
  metrics: Metrics,
  options: SigningGaugesOptions & {
    graphs: Pick<ServedGraphs, 'current' | 'size'>;
    rateLimiter: RateLimiter | undefined;
  },
): void {
  const { graphs, rateLimiter } = options;
  addSigningGauges(metrics, options);
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
    name: 'shop_gateway_rate_limiter_shared',
    help: 'Whether rates are counted together with the other gateways as configured: 0 while Redis is away. Absent without a limit',
    read: () => (rateLimiter === undefined ? [] : rateLimiter.isShared() ? 1 : 0),
  });
}
