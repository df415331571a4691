import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isStream, onStream } from '../../http/answer-streams.ts';
import { callBuckets, type Metrics } from './metrics.ts';

/** Measures the requests of an HTTP server by route and status, those with a stream until it begins. A path without a route is `none`. */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  const durations = metrics.histogram({
    name: 'shop_http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer, or to the start of a stream',
    labels: ['route', 'status'],
    buckets: callBuckets,
  });
  const measure = (request: FastifyRequest, reply: FastifyReply): void => {
    const route = request.routeOptions.url ?? 'none';
    durations.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
  };
  onStream(app, measure);
  app.addHook('onResponse', (request, reply, done) => {
    if (!isStream(request)) measure(request, reply);
    done();
  });
}
