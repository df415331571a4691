import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Attachment, errorBody, errorCodes, onStream, type Logger, type Metrics } from '@shop/process';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findRecord } from '../telemetry/request-record.ts';
import { AdaptiveLimit, type AdaptiveLimitOptions } from './adaptive-limit.ts';

export interface LoadSheddingOptions extends AdaptiveLimitOptions {
  readonly logger: Logger;
  /** Default: nothing is measured. */
  readonly metrics?: Metrics;
}

export interface LoadShedding {
  /** Lets an operation in. The result is called when it was answered. Undefined when the operation is refused, with {@link overloaded}. */
  enter(): (() => void) | undefined;
}

/** The name in metrics and the message of a refusal. */
export const overloaded = {
  rejection: 'overloaded',
  message: 'The service is overloaded. Try again in a second.',
} as const;

/** How often the limit is adapted, in milliseconds. */
const adaptEveryMs = 500;

/**
 * Refuses operations at once when more are in flight than the system finishes in time. Those that are let in are answered, instead
 * of all of them too late. Health checks are other routes. An answer that is a stream is no operation in flight.
 *
 * @returns a hook that must run first, and the same decision for an operation that is no request
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
  const startedAt = new Attachment<FastifyRequest, number>();
  let refused = 0;
  let adapting: NodeJS.Timeout | undefined;

  function adapt(): void {
    limit.adapt(loop.percentile(90) / 1e6);
    loop.reset();
    if (limit.inFlight === 0) rest();
    if (refused > 0)
      logger.warn({ refused, limit: limit.current, inFlight: limit.inFlight }, 'too many operations, refused some');
    refused = 0;
  }
  // Both wake the process, the delays of the loop fifty times a second, so they run only while there are operations.
  function rest(): void {
    clearInterval(adapting);
    adapting = undefined;
    loop.disable();
  }
  const enter = (): boolean => {
    if (adapting === undefined) {
      adapting = setInterval(adapt, adaptEveryMs).unref();
      loop.enable();
    }
    return limit.enter();
  };
  app.addHook('onClose', async () => rest());
  const finish = (request: FastifyRequest): void => {
    const started = startedAt.get(request);
    if (started === undefined) return;
    startedAt.set(request, undefined);
    limit.leave(performance.now() - started);
  };
  onStream(app, finish);
  app.addHook('onResponse', (request, _reply, done) => {
    finish(request);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    finish(request);
    done();
  });

  return {
    hook(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
      if (enter()) {
        startedAt.set(request, performance.now());
        return done();
      }
      refused += 1;
      findRecord(request).rejection = overloaded.rejection;
      void reply
        .code(errorCodes.SERVICE_UNAVAILABLE.status)
        .header('retry-after', '1')
        .send(errorBody('SERVICE_UNAVAILABLE', overloaded.message));
    },
    enter() {
      if (!enter()) {
        refused += 1;
        return undefined;
      }
      const started = performance.now();
      return () => limit.leave(performance.now() - started);
    },
  } satisfies LoadShedding & { hook: unknown };
}
