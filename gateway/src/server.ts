import { readFileSync } from 'node:fs';
import { createLogger, runService } from '@shop/process';
import { readConfig } from './config.ts';
import { startGateway } from './start-gateway.ts';
import { readSupergraph } from './supergraph/index.ts';

runService('gateway', async ({ onStop }) => {
  const config = readConfig();
  const logger = createLogger({ service: 'gateway', level: config.logLevel });
  const supergraph = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));

  const gateway = await startGateway({ config, supergraph, logger });
  onStop('http', () => gateway.close());
  logger.info({ url: `${gateway.url}/graphql` }, 'ready');
});
