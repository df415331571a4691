// The configuration of a Hive Gateway that serves this project's graph. `npm run build` bundles it to dist/examples/hive-gateway.js.
import { createLogger, openSigning, readConfig, readEndpoint, readSupergraphFile } from '@shop/gateway/signing';
import { signCalls } from './sign-calls.ts';

const program = 'hive-gateway';
const config = readConfig(undefined, program);
const logger = createLogger({ service: program, level: config.logLevel });
const signing = await openSigning({ config, supergraph: await readSupergraphFile(config.supergraphFile), logger });

/** Where the subgraphs are: as for our own gateway, the environment has priority over the supergraph. */
const locations = [...signing.subgraphs.values()].map(({ name, urls: [url = ''] }) => {
  const { origin, path } = readEndpoint(url);
  return [name, { location: `${origin}${path}` }] as const;
});

export const gatewayConfig = {
  supergraph: config.supergraphFile,
  host: config.host,
  port: config.port,
  transportEntries: Object.fromEntries(locations),
  upstreamTimeout: config.subgraphTimeoutMs,
  plugins: () => [signCalls(signing)],
};
