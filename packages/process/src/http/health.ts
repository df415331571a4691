import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../log/create-logger.ts';
import type { Metrics } from '../telemetry/metrics/metrics.ts';
import { isClosing } from './close-gracefully.ts';

/** Resolves when the checked resource is usable, and rejects otherwise. */
export type ReadinessCheck = () => Promise<void>;

export interface Readiness {
  /** A process that is `stopping` answers requests for a moment, and should get no new ones. */
  readonly status: 'ready' | 'unavailable' | 'stopping';
  readonly checks: Record<string, { status: 'up' | 'down' }>;
  /** Kinds of work that are overdue. They do not make the process unready. */
  readonly behind?: readonly string[];
  /** Milliseconds by which this process's clock is ahead of a neighbour's, for each neighbour where that is notable. */
  readonly clockDifferenceMs?: Record<string, number>;
  /** How many pieces of each kind of work are overdue. Only operators see it. */
  readonly overdue?: Readonly<Record<string, number>>;
}

/** Clocks that differ by more milliseconds than this are reported. Smaller differences have no effect. */
export const notableClockDifferenceMs = 5_000;

/**
 * Adds `GET /health/live`, which answers 200 while the process runs, and `GET /health/ready`, which answers 200 or 503
 * depending on the checks. It answers 503 from the beginning of `app.close()`.
 * Each check has `timeoutMs` (2,000 by default). The reason of a failure is only logged. Concurrent requests share a
 * running check, so that frequent requests do not load the resource.
 * Checks in `waits` are reported but never make the service unready: without those resources the process does its work
 * later, such as publishing events.
 * `overdue` counts the work that is overdue, by what it is. Everybody sees the names.
 * `clocks` returns for each neighbour by how many milliseconds this process's clock is ahead, or undefined when that is
 * unknown. Only differences above {@link notableClockDifferenceMs} are reported. They never make the service unready.
 * `readDetails` returns what only some callers may see of the readiness.
 * `metrics` gets the results of the checks and the overdue work: the same that the routes report.
 */
export function addHealthRoutes(
  app: FastifyInstance,
  options: {
    checks: Record<string, ReadinessCheck>;
    waits?: Record<string, ReadinessCheck>;
    overdue?: () => Readonly<Record<string, number>>;
    clocks?: Record<string, () => number | undefined>;
    readDetails?: (request: FastifyRequest) => Promise<Pick<Readiness, 'overdue'>>;
    metrics?: Metrics;
    logger: Logger;
    timeoutMs?: number;
  },
): void {
  const { checks, waits = {}, overdue: countOverdue, clocks = {}, readDetails, logger, timeoutMs = 2_000 } = options;
  let running: Promise<Readiness> | undefined;

  /** Why the resources are away for which work waits. */
  const reasons = new Map<string, string>();

  /** Logs a change once: these checks are made all the time. */
  function noteWait(check: string, failure: unknown): void {
    if (failure === undefined) {
      if (reasons.delete(check)) logger.info({ check }, 'what was away is back');
      return;
    }
    const reason = failure instanceof Error ? failure.message : String(failure);
    if (reasons.get(check) === reason) return;
    reasons.set(check, reason);
    logger.warn({ err: failure, check }, 'something is away, and the work that needs it waits');
  }

  async function run(): Promise<Readiness> {
    const entries = await Promise.all(
      Object.entries({ ...checks, ...waits }).map(async ([name, check]) => {
        const failure = await findFailure(check, timeoutMs);
        if (name in waits) noteWait(name, failure);
        else if (failure !== undefined) logger.warn({ err: failure, check: name }, 'not ready');
        return [name, { status: failure === undefined ? ('up' as const) : ('down' as const) }] as const;
      }),
    );
    const isReady = entries.every(([name, { status }]) => status === 'up' || name in waits);
    const overdue = Object.keys(countOverdue?.() ?? {});
    const differences = Object.entries(clocks)
      .map(([name, read]) => [name, read() ?? 0] as const)
      .filter(([, differenceMs]) => Math.abs(differenceMs) > notableClockDifferenceMs);
    return {
      status: isReady ? 'ready' : 'unavailable',
      checks: Object.fromEntries(entries),
      ...(differences.length === 0 ? {} : { clockDifferenceMs: Object.fromEntries(differences) }),
      ...(overdue.length === 0 ? {} : { behind: overdue }),
    };
  }

  function read(): Promise<Readiness> {
    running ??= run().finally(() => (running = undefined));
    return running;
  }

  if (options.metrics !== undefined) addHealthGauges(options.metrics, { read, countOverdue, timeoutMs });
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (request, reply) => {
    if (isClosing(app)) return reply.code(503).send({ status: 'stopping', checks: {} } satisfies Readiness);
    const readiness = { ...(await read()), ...(await readDetails?.(request)) };
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
}

function addHealthGauges(
  metrics: Metrics,
  options: {
    read: () => Promise<Readiness>;
    countOverdue: (() => Readonly<Record<string, number>>) | undefined;
    timeoutMs: number;
  },
): void {
  metrics.collect({
    name: 'health',
    gauges: {
      shop_health_check_up: { help: 'Whether a check of /health/ready passes', labels: ['check'] },
      shop_ready: { help: 'Whether /health/ready answers 200' },
    },
    maxAgeMs: 5_000,
    // The checks have a timeout of their own.
    timeoutMs: options.timeoutMs + 500,
    read: async () => {
      const { status, checks } = await options.read();
      return {
        shop_ready: status === 'ready' ? 1 : 0,
        shop_health_check_up: Object.entries(checks).map(([check, { status: state }]) => ({
          labels: { check },
          value: state === 'up' ? 1 : 0,
        })),
      };
    },
  });
  metrics.gauge({
    name: 'shop_overdue_work',
    help:
      'Work that has waited for more than a minute, or cannot be done now: what /health reports as `behind`. ' +
      'Absent while there is none',
    labels: ['work'],
    read: () => Object.entries(options.countOverdue?.() ?? {}).map(([work, value]) => ({ labels: { work }, value })),
  });
}

async function findFailure(check: ReadinessCheck, timeoutMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([check(), late]);
    return undefined;
  } catch (error) {
    return error ?? new Error('The check failed without a reason.');
  } finally {
    clearTimeout(timer);
  }
}
