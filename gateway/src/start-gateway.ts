import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { createErrorMasking, toApolloLogger } from '@shop/graphql';
import { createHttpServer, createInternalTokenSigner, listen, type Logger } from '@shop/process';
import { enforceAccess, readSupergraph } from './access/index.ts';
import type { readConfig } from './config.ts';
import { createContext, type GatewayContext } from './context.ts';
import { createAccessTokenVerifier } from './identity/access-token-verifier.ts';
import { createUserKeys } from './identity/user-keys.ts';
import { limitOperations, readCosts, refuseUnplannable, requestSize } from './limits/index.ts';
import {
  createDocumentStore,
  persistedOperations,
  prepareDocuments,
  readManifests,
} from './persisted-operations/index.ts';
import { authenticate } from './plugins/authenticate.ts';
import { checkScalars } from './plugins/check-scalars.ts';
import { addGraphiql } from './plugins/graphiql.ts';
import { addGatewayHealthRoutes } from './plugins/health.ts';
import { addJwksRoute } from './plugins/jwks.ts';
import { landingPage } from './plugins/landing-page.ts';
import { refuseOtherMethods } from './plugins/refuse-methods.ts';
import { requireOperation } from './plugins/require-operation.ts';
import { SubgraphDataSource } from './subgraphs/data-source.ts';
import { readSchemaFacts } from './subgraphs/schema-facts.ts';
import { SubgraphClient } from './subgraphs/subgraph-client.ts';

export type GatewayConfig = Omit<ReturnType<typeof readConfig>, 'logLevel'>;

export interface RunningGateway {
  /** Base URL without a slash at its end; GraphQL is at `/graphql`. */
  readonly url: string;
  /** Finishes the requests in flight, then closes. */
  close(): Promise<void>;
}

/** Builds and starts the gateway. No subgraph has to run for it. */
export async function startGateway(options: {
  config: GatewayConfig;
  supergraphSdl: string;
  logger: Logger;
}): Promise<RunningGateway> {
  const { config, supergraphSdl, logger } = options;

  const clients = new Map<string, SubgraphClient>(
    Object.entries(config.subgraphUrls).map(([name, url]) => [
      name,
      new SubgraphClient({ name, url, timeoutMs: config.subgraphTimeoutMs }),
    ]),
  );
  const signer = createInternalTokenSigner({ privateJwk: config.internalTokenKey });
  const facts = readSchemaFacts(supergraphSdl);
  const access = readSupergraph(supergraphSdl);

  const gateway = new ApolloGateway({
    supergraphSdl: access.supergraphSdl,
    logger: toApolloLogger(logger),
    buildService({ name }) {
      const client = clients.get(name);
      if (client === undefined) throw new Error(`The supergraph has a subgraph "${name}" whose URL is not configured.`);
      return new SubgraphDataSource({ client, signer, facts, logger });
    },
  });

  const { mode, files } = config.persistedOperations;
  const manifest = readManifests(mode === 'off' ? [] : files);
  let documents: ReturnType<typeof prepareDocuments> = new Map();
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    checkScalars(apiSchema);
    documents = prepareDocuments(manifest, {
      schema: apiSchema,
      introspection: !config.isProduction,
      maxTokens: requestSize.maxTokens,
      logger,
    });
  });

  const masking = createErrorMasking({ logger, service: 'gateway' });
  const apollo = new ApolloServer<GatewayContext>({
    gateway: enforceAccess<GatewayContext>(refuseUnplannable(gateway), {
      access,
      credentialsOf: ({ viewer }) => ({ isAuthenticated: viewer.userId !== null, scopes: viewer.scopes }),
    }),
    plugins: [
      masking.plugin,
      ...(mode === 'off'
        ? []
        : [
            persistedOperations({
              mode,
              manifest,
              isProduction: config.isProduction,
              maxTokens: requestSize.maxTokens,
              logger,
            }),
          ]),
      requireOperation(),
      limitOperations({ limits: config.limits, costs: readCosts(supergraphSdl) }),
      landingPage({ isProduction: config.isProduction }),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    formatError: masking.formatError,
    logger: toApolloLogger(logger),
    nodeEnv: config.isProduction ? 'production' : 'development',
    introspection: !config.isProduction,
    hideSchemaDetailsFromClientErrors: config.isProduction,
    parseOptions: { maxTokens: requestSize.maxTokens },
    maxRecursiveSelections: true,
    csrfPrevention: true,
    // Those of Apollo Server are added by any client; ours come from a manifest.
    persistedQueries: false,
    documentStore: createDocumentStore(() => documents),
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  await apollo.start();

  const userKeys = createUserKeys({
    url: new URL(`${withoutSlash(config.subgraphUrls.user)}/.well-known/jwks.json`),
    logger,
  });
  const verifyAccessToken = createAccessTokenVerifier({ keys: userKeys, ...config.accessTokens });

  const app = createHttpServer({
    logger,
    bodyLimit: requestSize.bodyLimit,
    ...(config.trustedProxies === undefined ? {} : { trustedProxies: config.trustedProxies }),
  });
  addGatewayHealthRoutes(app, { clients: clients.values(), logger });
  addJwksRoute(app, userKeys);
  addGraphiql(app, { isProduction: config.isProduction, directory: 'dist/graphiql' });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: authenticate(verifyAccessToken, logger),
    handler: fastifyApolloHandler(apollo, { context: async (request) => createContext(request) }),
  });
  refuseOtherMethods(app);
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

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
