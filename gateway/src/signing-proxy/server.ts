import { createLogger, runService } from '@shop/process';
import { readConfig } from '../config.ts';
import { readSupergraphFile } from '../reload/read-supergraph-file.ts';
import { openSigning } from '../signing/open-signing.ts';
import { startSigningProxy } from './start-signing-proxy.ts';

const service = 'signing-proxy';

runService(service, async ({ onStop }) => {
  const config = readConfig(undefined, service);
  const logger = createLogger({ service, level: config.logLevel });
  const supergraph = await readSupergraphFile(config.supergraphFile);
  const signing = await openSigning({ config, supergraph, logger });
  onStop('signing', () => signing.close());
  const proxy = await startSigningProxy({ config, supergraph, signing, logger });
  onStop('http', () => proxy.close());
  logger.info({ url: proxy.url, subgraphs: [...signing.subgraphs.keys()] }, 'ready');
});
