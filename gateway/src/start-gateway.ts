import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { toCredentials } from '@shop/access';
import { tokenIssuer } from '@shop/contracts';
import { createErrorMasking, toApolloLogger } from '@shop/graphql';
import {
  createHttpServer,
  createInternalTokenSigner,
  listen,
  measureRequests,
  type Metrics,
  readCertificate,
  traceRequests,
  type Logger,
  type TlsOptions,
} from '@shop/process';
import type { GatewayConfig } from './config.ts';
import { findClient, type GatewayContext } from './context.ts';
import { createRateLimiter } from './edge/rate-limiter.ts';
import { serveBrowsers } from './edge/serve-browsers.ts';
import { takeTurns } from './edge/loop-turns.ts';
import { shedLoad } from './edge/shed-load.ts';
import { CheckedDataSource } from './execution/answers/checked-data-source.ts';
import { createEngineExecutor } from './execution/engine-executor.ts';
import { addExecutionStages } from './execution/execution-stages.ts';
import { PreparedDocuments } from './execution/prepared-documents.ts';
import { createStockExecutor } from './execution/stock-executor.ts';
import { SubgraphDataSource } from './execution/transport/data-source.ts';
import { SubgraphCaller } from './execution/transport/subgraph-caller.ts';
import { SubgraphClient } from './execution/transport/subgraph-client.ts';
import { addAccountPages } from './account-pages/add-account-pages.ts';
import { createPipeline } from './gateway.ts';
import { createAccessTokenVerifier } from './identity/access-token-verifier.ts';
import { authenticate } from './identity/authenticate.ts';
import type { RevokedSessions } from './identity/revoked-sessions.ts';
import { createTokenKeys } from './identity/token-keys.ts';
import { listOperationNames } from './persisted-operations/index.ts';
import { createPlannedGateway } from './planning/planned-gateway.ts';
import { createAnswerPrepared, type AnswerPrepared } from './routes/answer-prepared.ts';
import { addGraphiqlRoutes } from './routes/graphiql.ts';
import { addGraphqlRoute } from './routes/graphql.ts';
import { addGatewayHealthRoutes } from './routes/health.ts';
import { addJwksRoute } from './routes/jwks.ts';
import { addRootRoute } from './routes/root.ts';
import { createSandbox } from './routes/sandbox.ts';
import { collectStages } from './stage.ts';
import type { Supergraph } from './supergraph/index.ts';
import { addGatewayGauges } from './telemetry/gateway-gauges.ts';
import { createGatewayMetrics } from './telemetry/gateway-metrics.ts';
import { OperationNames } from './telemetry/operation-names.ts';
import { reportRequests } from './telemetry/report-requests.ts';
import { checkScalars } from './validation/check-scalars.ts';

/** Then a client connects again, perhaps to another replica. */
export const maxRequestsPerSocket = 10_000;

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
  revokedSessions: RevokedSessions;
  metrics: Metrics;
  /** True when requests have spans. Default: false. */
  isTraced?: boolean;
}): Promise<RunningGateway> {
  const { config, supergraph, logger, revokedSessions, metrics: registry, isTraced = false } = options;
  const { isProduction, subgraphUrls } = config;
  const tls = await readTls(config);
  const metrics = createGatewayMetrics(registry);

  const clients = new Map(
    Object.entries(subgraphUrls).map(([name, urls]) => [
      name,
      new SubgraphClient({
        name,
        urls,
        timeoutMs: config.subgraphTimeoutMs,
        maxAwayMs: config.subgraphWaitMs,
        // A subgraph estimates the size of its answer before it exists. Texts of many bytes a character can have more.
        maxAnswerBytes: 2 * config.subgraphAnswerBytes,
        metrics,
        logger,
      }),
    ]),
  );
  const issuer = clients.get(tokenIssuer);
  if (issuer === undefined) throw new Error(`The URL of the subgraph "${tokenIssuer}" is unknown.`);
  const tokenKeys = createTokenKeys({
    fetchKeys: async (timeoutMs) => {
      const { status, text } = await issuer.get('/.well-known/jwks.json', timeoutMs);
      return new Response(text, { status });
    },
    logger,
  });
  const verifyAccessToken = createAccessTokenVerifier({
    keys: tokenKeys,
    ...config.accessTokens,
    lookups: metrics.tokenLookups,
  });
  const rateLimiter = config.rateLimit.points === 0 ? undefined : createRateLimiter({ ...config.rateLimit, logger });
  const masking = createErrorMasking({ logger, service: 'gateway', exposeReasons: config.exposeErrors });
  const pipeline = collectStages(
    createPipeline({
      config,
      supergraph,
      verifyAccessToken,
      revokedSessions,
      rateLimiter,
      metrics,
      isTraced,
      masking,
      logger,
    }),
  );
  const documents = new PreparedDocuments(metrics.documentLookups);
  let answerPrepared: AnswerPrepared | undefined;

  const signer = createInternalTokenSigner({ privateJwk: config.internalTokenKey, instance: randomUUID() });
  const exposeReasons = config.exposeErrors;
  const callers = new Map(
    [...clients].map(([name, client]) => [
      name,
      new SubgraphCaller({ client, signer, supergraph, metrics, logger, exposeReasons }),
    ]),
  );
  for (const name of supergraph.subgraphs.keys())
    if (!callers.has(name))
      throw new Error(`The URL of the subgraph "${name}" is unknown. Add it to the services of @shop/contracts.`);
  const findCaller = (name: string): SubgraphCaller => callers.get(name) as SubgraphCaller;
  const gateway = createPlannedGateway({
    supergraph,
    planTimeoutMs: config.planTimeoutMs,
    metrics,
    usesVariants: config.engine === 'own',
    createExecutor:
      config.engine === 'own'
        ? createEngineExecutor({
            supergraph,
            callSubgraph: (name, call, context) => findCaller(name).call(call, context),
            getCredentials: ({ viewer }) => toCredentials(viewer),
            metrics,
            logger,
            onLoad(engine, schema) {
              const { checks, findText } = pipeline;
              answerPrepared = createAnswerPrepared({ engine, schema, documents, checks, findText, masking });
            },
          })
        : createStockExecutor({
            supergraph,
            getClient: (context) => findClient(context as GatewayContext),
            getTrace: (context) => (context as GatewayContext).trace,
            createDataSource({ name }) {
              const source = new SubgraphDataSource({ caller: findCaller(name), supergraph });
              return new CheckedDataSource({ source, name, supergraph, logger, exposeReasons });
            },
          }),
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    checkScalars(apiSchema);
    pipeline.prepareSchema(apiSchema);
  });

  const apollo = new ApolloServer<GatewayContext>({
    ...pipeline.apollo,
    gateway: addExecutionStages(gateway, pipeline.execution),
    plugins: [
      ...pipeline.plugins,
      documents.plugin,
      createSandbox({ isProduction }),
      ApolloServerPluginUsageReportingDisabled(),
    ],
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
    tls,
    ...pipeline.http,
  });
  const names = new OperationNames(listOperationNames(config.persistedOperations.files));
  reportRequests(app, { metrics, names, log: config.requestLog, logger });
  measureRequests(app, registry);
  await serveBrowsers(app, { isProduction, ...config.browsers });
  const admission = [takeTurns(), shedLoad(app, { ...config.load, metrics: registry, logger })];
  addRootRoute(app, { hasGraphiql: !isProduction });
  addGatewayHealthRoutes(app, {
    clients: clients.values(),
    revokedSessions,
    rateLimiter,
    authenticate: authenticate({ verifyAccessToken, revokedSessions, logger }),
    signer,
    metrics: registry,
    logger,
  });
  addGatewayGauges(registry, { clients: [...clients.values()], plans: gateway.plans, revokedSessions, rateLimiter });
  addJwksRoute(app, tokenKeys);
  addGraphiqlRoutes(app, { isProduction, directory: 'dist/graphiql' });
  const tracing = isTraced ? [traceRequests(app)] : [];
  addGraphqlRoute(app, { apollo, answerPrepared, onRequest: [...tracing, ...admission, ...pipeline.onRequest] });
  if (config.hasAccountPages) addAccountPages(app, { apollo, supergraph, onRequest: admission });
  const url = await listen(app, config);

  return {
    url,
    async close() {
      await app.close();
      await apollo.stop();
      rateLimiter?.close();
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

/** First of all: a certificate that cannot be used should be reported before anything else is started. */
async function readTls({ tls }: GatewayConfig): Promise<TlsOptions | undefined> {
  return tls === undefined ? undefined : { ...tls, certificate: await readCertificate(tls) };
}
