import { monitorEventLoopDelay } from 'node:perf_hooks';
import { errorBody, errorCodes, type Logger, type Metrics } from '@shop/process';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findRecord } from '../telemetry/request-record.ts';
import { AdaptiveLimit, type AdaptiveLimitOptions } from './adaptive-limit.ts';

export interface LoadSheddingOptions extends AdaptiveLimitOptions {
  readonly logger: Logger;
  /** Default: nothing is measured. */
  readonly metrics?: Metrics;
}

/** How often the limit is adapted, in milliseconds. */
const adaptEveryMs = 500;

/**
 * Refuses operations at once when more are in flight than the system finishes in time. Those that are let in are answered, instead
 * of all of them too late. Health checks are other routes.
 *
 * @returns a hook that must run first
 */
export function shedLoad(app: FastifyInstance, { logger, metrics, ...options }: LoadSheddingOptions) {
  const limit = new AdaptiveLimit(options);
  metrics?.gauge({
    name: 'shop_gateway_operations_in_flight',
    help: 'Operations that were let in and are not answered',
    read: () => limit.inFlight,
  });
  metrics?.gauge({
    name: 'shop_gateway_operations_limit',
    help: 'The limit of operations in flight, which adapts. Further ones are refused as overloaded',
    read: () => limit.current,
  });
  const loop = monitorEventLoopDelay({ resolution: 20 });
  loop.enable();
  const startedAt = new WeakMap<FastifyRequest, number>();
  let refused = 0;

  const timer = setInterval(() => {
    limit.adapt(loop.percentile(90) / 1e6);
    loop.reset();
    if (refused > 0)
      logger.warn({ refused, limit: limit.current, inFlight: limit.inFlight }, 'too many operations, refused some');
    refused = 0;
  }, adaptEveryMs).unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    loop.disable();
  });
  const finish = async (request: FastifyRequest): Promise<void> => {
    const started = startedAt.get(request);
    if (started === undefined) return;
    startedAt.delete(request);
    limit.leave(performance.now() - started);
  };
  app.addHook('onResponse', finish);
  app.addHook('onRequestAbort', finish);

  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (limit.enter()) {
      startedAt.set(request, performance.now());
      return;
    }
    refused += 1;
    findRecord(request).rejection = 'overloaded';
    return reply
      .code(errorCodes.SERVICE_UNAVAILABLE.status)
      .header('retry-after', '1')
      .send(errorBody('SERVICE_UNAVAILABLE', 'The service is overloaded. Try again in a second.'));
  };
}
