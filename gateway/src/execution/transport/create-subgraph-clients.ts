import type { Logger } from '@shop/process';
import type { GatewayConfig } from '../../config.ts';
import type { SigningMetrics } from '../../telemetry/signing-metrics.ts';
import { SubgraphClient } from './subgraph-client.ts';
import { SubgraphClients } from './subgraph-clients.ts';

/**
 * Creates the clients of subgraphs, with the limits of the configuration.
 *
 * @param options.metrics default: nothing is measured
 */
export function createSubgraphClients(options: {
  config: Pick<GatewayConfig, 'subgraphTimeoutMs' | 'subgraphWaitMs' | 'subgraphAnswerBytes'>;
  metrics?: SigningMetrics | undefined;
  logger: Logger;
}): SubgraphClients {
  const { config, metrics, logger } = options;
  return new SubgraphClients(
    ({ name, urls, isService }) =>
      new SubgraphClient({
        name,
        urls,
        hasHealthRoutes: isService,
        timeoutMs: config.subgraphTimeoutMs,
        maxAwayMs: config.subgraphWaitMs,
        // A subgraph estimates the size of its answer before it exists. Texts of many bytes a character can have more.
        maxAnswerBytes: 2 * config.subgraphAnswerBytes,
        ...(metrics === undefined ? {} : { metrics }),
        logger,
      }),
  );
}
