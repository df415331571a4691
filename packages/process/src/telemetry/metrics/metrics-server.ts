import { createHttpServer } from '../../http/create-http-server.ts';
import { listen } from '../../http/listen.ts';
import type { Logger } from '../../log/create-logger.ts';
import { addLogLevelRoutes } from '../../log/log-level-routes.ts';
import type { Metrics } from './metrics.ts';

/** Prometheus and an operator need few. */
const maxConnections = 64;

/** A scrape that is not finished then was late anyway. */
const drainMs = 1_000;

export interface RunningMetricsServer {
  /** Base URL without a slash at its end; the metrics are at `/metrics`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the metrics of a process at `GET /metrics`, on a port of their own: they tell about people and load, and must not be
 * reachable where clients are. Also adds the metrics of Node, and the routes that change the level of the log.
 *
 * @throws PortTakenError
 */
export async function startMetricsServer(options: {
  metrics: Metrics;
  host: string;
  /** 0 takes a free one. */
  port: number;
  logger: Logger;
}): Promise<RunningMetricsServer> {
  const { metrics, logger, host, port } = options;
  metrics.collectProcess();
  const app = createHttpServer({ logger, maxConnections, drainMs });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.scrape();
    return reply.type(contentType).send(text);
  });
  addLogLevelRoutes(app, logger);
  const url = await listen(app, { host, port, variable: 'METRICS_PORT' });
  return { url, close: () => app.close() };
}
