import type { FastifyInstance } from 'fastify';
import type { Logger } from '../log/create-logger.ts';
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
 * `clocks` returns for each neighbour by how many milliseconds this process's clock is ahead, or undefined when that is
 * unknown. Only differences above {@link notableClockDifferenceMs} are reported. They never make the service unready.
 */
export function addHealthRoutes(
  app: FastifyInstance,
  options: {
    checks: Record<string, ReadinessCheck>;
    waits?: Record<string, ReadinessCheck>;
    behind?: () => readonly string[];
    clocks?: Record<string, () => number | undefined>;
    logger: Logger;
    timeoutMs?: number;
  },
): void {
  const { checks, waits = {}, behind, clocks = {}, logger, timeoutMs = 2_000 } = options;
  let running: Promise<Readiness> | undefined;

  async function run(): Promise<Readiness> {
    const entries = await Promise.all(
      Object.entries({ ...checks, ...waits }).map(async ([name, check]) => {
        const failure = await findFailure(check, timeoutMs);
        if (failure !== undefined && !(name in waits)) logger.warn({ err: failure, check: name }, 'not ready');
        return [name, { status: failure === undefined ? ('up' as const) : ('down' as const) }] as const;
      }),
    );
    const isReady = entries.every(([name, { status }]) => status === 'up' || name in waits);
    const overdue = behind?.() ?? [];
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

  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    if (isClosing(app)) return reply.code(503).send({ status: 'stopping', checks: {} } satisfies Readiness);
    running ??= run().finally(() => (running = undefined));
    const readiness = await running;
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
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
