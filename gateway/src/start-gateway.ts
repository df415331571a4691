import { randomUUID } from 'node:crypto';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { tokenIssuer } from '@shop/contracts';
import { toApolloLogger } from '@shop/graphql';
import { createHttpServer, createInternalTokenSigner, listen, type Logger } from '@shop/process';
import type { GatewayConfig } from './config.ts';
import type { GatewayContext } from './context.ts';
import { addExecutionStages } from './execution/execution-stages.ts';
import { SubgraphDataSource } from './execution/transport/data-source.ts';
import { SubgraphClient } from './execution/transport/subgraph-client.ts';
import { createPipeline } from './gateway.ts';
import { createAccessTokenVerifier } from './identity/access-token-verifier.ts';
import { createTokenKeys } from './identity/token-keys.ts';
import { addGraphiqlRoutes } from './routes/graphiql.ts';
import { addGraphqlRoute } from './routes/graphql.ts';
import { addGatewayHealthRoutes } from './routes/health.ts';
import { addJwksRoute } from './routes/jwks.ts';
import { addRootRoute } from './routes/root.ts';
import { createSandbox } from './routes/sandbox.ts';
import { collectStages } from './stage.ts';
import type { Supergraph } from './supergraph/index.ts';
import { checkScalars } from './validation/check-scalars.ts';

/** Then a client connects again, perhaps to another replica. */
const maxRequestsPerSocket = 10_000;

export interface RunningGateway {
  /** Base URL without a slash at its end. GraphQL is at `/graphql`. */
  readonly url: string;
  /** Finishes the requests in flight, then closes. */
  close(): Promise<void>;
}

/** Builds and starts the gateway. It needs no running subgraph. */
export async function startGateway(options: {
  config: GatewayConfig;
  supergraph: Supergraph;
  logger: Logger;
}): Promise<RunningGateway> {
  const { config, supergraph, logger } = options;
  const { isProduction, subgraphUrls } = config;

  const clients = new Map(
    Object.entries(subgraphUrls).map(([name, url]) => [
      name,
      new SubgraphClient({ name, url, timeoutMs: config.subgraphTimeoutMs, maxAwayMs: config.subgraphWaitMs }),
    ]),
  );
  const tokenKeys = createTokenKeys({
    url: new URL(`${subgraphUrls[tokenIssuer].replace(/\/+$/, '')}/.well-known/jwks.json`),
    logger,
  });
  const verifyAccessToken = createAccessTokenVerifier({ keys: tokenKeys, ...config.accessTokens });
  const pipeline = collectStages(createPipeline({ config, supergraph, verifyAccessToken, logger }));

  const signer = createInternalTokenSigner({ privateJwk: config.internalTokenKey, instance: randomUUID() });
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph.plannerSdl,
    logger: toApolloLogger(logger),
    buildService({ name }) {
      const client = clients.get(name);
      if (client === undefined) {
        throw new Error(`The URL of the subgraph "${name}" is unknown. Add it to the services of @shop/contracts.`);
      }
      return new SubgraphDataSource({ client, signer, supergraph, logger, exposeReasons: config.exposeErrors });
    },
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    checkScalars(apiSchema);
    pipeline.prepareSchema(apiSchema);
  });

  const apollo = new ApolloServer<GatewayContext>({
    ...pipeline.apollo,
    gateway: addExecutionStages(gateway, pipeline.execution),
    plugins: [...pipeline.plugins, createSandbox({ isProduction }), ApolloServerPluginUsageReportingDisabled()],
    logger: toApolloLogger(logger),
    nodeEnv: isProduction ? 'production' : 'development',
    stopOnTerminationSignals: false,
  });
  await apollo.start();

  const app = createHttpServer({
    logger,
    shutdownDelay: config.shutdownDelayMs,
    ...config.connections,
    maxRequestsPerSocket,
    ...pipeline.http,
  });
  addRootRoute(app, { hasGraphiql: !isProduction });
  addGatewayHealthRoutes(app, { clients: clients.values(), logger });
  addJwksRoute(app, tokenKeys);
  addGraphiqlRoutes(app, { isProduction, directory: 'dist/graphiql' });
  addGraphqlRoute(app, { apollo, onRequest: pipeline.onRequest });
  const url = await listen(app, config);

  return {
    url,
    async close() {
      await app.close();
      await apollo.stop();
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
