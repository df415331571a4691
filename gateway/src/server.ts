import { findMetricsPort } from '@shop/contracts';
import { createLogger, measureSpans, Metrics, runService, startMetricsServer, startTracing } from '@shop/process';
import { readConfig } from './config.ts';
import { followEvents, type RunningFeed } from './events/broker-feed.ts';
import { connectAsGateway, followRevokedSessions } from './identity/follow-revoked-sessions.ts';
import { createRevokedSessions } from './identity/revoked-sessions.ts';
import { startGateway } from './start-gateway.ts';
import { readSupergraphFile } from './reload/read-supergraph-file.ts';

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
  const supergraph = await readSupergraphFile(config.supergraphFile);

  const metrics = new Metrics();
  measureSpans(tracing, metrics);
  const port = findMetricsPort(config.metricsPort, 'gateway');
  const metricsServer = await startMetricsServer({ metrics, host: config.host, port, logger });
  onStop('metrics', () => metricsServer.close());

  const revokedSessions = createRevokedSessions();
  let feed: RunningFeed | undefined;
  if (config.natsUrl !== undefined) {
    const broker = await connectAsGateway(config.natsUrl, logger);
    onStop('broker', () => broker.close());
    const events = (feed = followEvents({ broker, metrics, logger }));
    onStop('events', () => events.stop());
    const following = await followRevokedSessions({ broker, revokedSessions, logger });
    onStop('revoked sessions', () => following.stop());
  }
  const follow = { file: config.supergraphFile };
  const isTraced = tracing.isOn;
  const gateway = await startGateway({ config, supergraph, follow, logger, revokedSessions, feed, metrics, isTraced });
  onStop('http', () => gateway.close());
  process.on('SIGHUP', () => void gateway.reload());
  logger.info({ url: `${gateway.url}/graphql` }, 'ready');
});
