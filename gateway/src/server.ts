import { readFileSync } from 'node:fs';
import { findMetricsPort } from '@shop/contracts';
import { createLogger, measureSpans, Metrics, runService, startMetricsServer, startTracing } from '@shop/process';
import { readConfig } from './config.ts';
import { followRevokedSessions } from './identity/follow-revoked-sessions.ts';
import { createRevokedSessions } from './identity/revoked-sessions.ts';
import { startGateway } from './start-gateway.ts';
import { readSupergraph } from './supergraph/index.ts';

runService('gateway', async ({ onStop }) => {
  const config = readConfig();
  const logger = createLogger({ service: 'gateway', level: config.logLevel });
  const tracing = await startTracing({
    service: 'gateway',
    config: config.tracing,
    honoursRemoteParents: config.honoursClientSampling,
    hasActiveContext: false,
    logger,
  });
  onStop('tracing', () => tracing.stop());
  const supergraph = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));

  const metrics = new Metrics();
  measureSpans(tracing, metrics);
  const port = findMetricsPort(config.metricsPort, 'gateway');
  const metricsServer = await startMetricsServer({ metrics, host: config.host, port, logger });
  onStop('metrics', () => metricsServer.close());

  const revokedSessions = createRevokedSessions();
  const following = await followRevokedSessions({ natsUrl: config.natsUrl, revokedSessions, logger });
  onStop('revoked sessions', () => following.stop());
  const gateway = await startGateway({ config, supergraph, logger, revokedSessions, metrics, isTraced: tracing.isOn });
  onStop('http', () => gateway.close());
  logger.info({ url: `${gateway.url}/graphql` }, 'ready');
});
