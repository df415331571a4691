import { findMetricsPort } from '@shop/contracts';
import { createLogger, measureSpans, Metrics, runService, startMetricsServer, startTracing } from '@shop/process';
import { readConfig } from '../config.ts';
import { readSupergraphFile } from '../reload/read-supergraph-file.ts';
import { openSigning } from '../signing/open-signing.ts';
import { createSigningMetrics } from '../telemetry/signing-metrics.ts';
import { startSigningProxy } from './start-signing-proxy.ts';

const service = 'signing-proxy';

runService(service, async ({ onStop }) => {
  const config = readConfig(undefined, service);
  const logger = createLogger({ service, level: config.logLevel });
  const tracing = await startTracing({
    service,
    config: config.tracing,
    // The caller is a gateway, which decides for its clients.
    honoursRemoteParents: true,
    hasActiveContext: false,
    logger,
  });
  onStop('tracing', () => tracing.stop());
  const supergraph = await readSupergraphFile(config.supergraphFile);

  const registry = new Metrics();
  measureSpans(tracing, registry);
  const port = findMetricsPort(config.metricsPort, service);
  const metricsServer = await startMetricsServer({ metrics: registry, host: config.host, port, logger });
  onStop('metrics', () => metricsServer.close());
  const metrics = createSigningMetrics(registry, ['invalid_token', 'revoked_session']);

  const signing = await openSigning({ config, supergraph, metrics, logger });
  onStop('signing', () => signing.close());
  const follow = { file: config.supergraphFile };
  const isTraced = tracing.isOn;
  const proxy = await startSigningProxy({ config, signing, follow, registry, metrics, isTraced, logger });
  onStop('http', () => proxy.close());
  process.on('SIGHUP', () => void proxy.reload());
  logger.info({ url: proxy.url, subgraphs: [...signing.subgraphs.keys()] }, 'ready');
});
