import type { FastifyInstance } from 'fastify';
import { callBuckets, type Metrics } from './metrics.ts';

/** Measures the requests of an HTTP server by route and status. A path that has no route counts as `none`. */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  const durations = metrics.histogram({
    name: 'shop_http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer',
    labels: ['route', 'status'],
    buckets: callBuckets,
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    durations.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    done();
  });
}
