import { existsSync, readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { startOnPort, type RunningGateway } from './start-proxy.ts';

/** A running system, as the gateway in front of it sees it. */
export interface Behind {
  /** The variables of our own gateway: keys, broker and URLs. */
  readonly env: NodeJS.ProcessEnv;
  /** Base URL of the signing proxy. */
  readonly proxyUrl: string;
}

const hive = 'examples/hive-gateway/node_modules/@graphql-hive/gateway/dist/bin.js';

export const hasHive = existsSync(hive);

const startHive = (config: string, env: NodeJS.ProcessEnv): Promise<RunningGateway> =>
  startOnPort('Hive Gateway', {
    command: [hive, 'supergraph', '-c', config],
    portVariable: 'GATEWAY_PORT',
    path: '/graphql',
    env,
  });

/** The example: its plugin signs the calls. */
export const startSigningHive = ({ env }: Behind): Promise<RunningGateway> =>
  startHive('dist/examples/hive-gateway.js', env);

/** A Hive Gateway that has no key, and only forwards headers to the proxy. */
export const startForwardingHive = ({ proxyUrl }: Behind): Promise<RunningGateway> =>
  startHive('examples/hive-gateway/forward-headers.config.js', { SIGNING_PROXY_URL: proxyUrl });

/** Stock `@apollo/gateway` with its own data source, which forwards headers to the proxy. */
export async function startStock({ proxyUrl }: Behind): Promise<RunningGateway> {
  const gateway = new ApolloGateway({
    // It refuses the rules of access. The subgraphs enforce them.
    supergraphSdl: readFileSync('gateway/supergraph.graphql', 'utf8').replaceAll(/^.*for: SECURITY.*\n/gm, ''),
    buildService: ({ name }) =>
      new RemoteGraphQLDataSource<{ authorization?: string | undefined }>({
        url: `${proxyUrl}/${name}`,
        willSendRequest({ request, context }) {
          if (context.authorization !== undefined) request.http?.headers.set('authorization', context.authorization);
        },
      }),
  });
  const server = new ApolloServer<{ authorization?: string | undefined }>({ gateway, stopOnTerminationSignals: false });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => ({ authorization: req.headers.authorization }),
  });
  return { url, stop: () => server.stop() };
}
