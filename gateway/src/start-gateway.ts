import { randomUUID } from 'node:crypto';
import { createErrorMasking } from '@shop/graphql';
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
import { GatewayCache } from './cache/gateway-cache.ts';
import type { GatewayConfig } from './config.ts';
import { createRateLimiter } from './edge/rate-limiter.ts';
import { serveBrowsers } from './edge/serve-browsers.ts';
import { LoopTurns, takeTurns } from './edge/loop-turns.ts';
import { shedLoad } from './edge/shed-load.ts';
import type { ExecutionStage } from './execution/execution-stages.ts';
import type { EventFeed } from './events/event-feed.ts';
import { createSubgraphClients } from './execution/transport/create-subgraph-clients.ts';
import { ReadGeneration } from './execution/transport/shared-reads.ts';
import { serveGraph } from './graph/serve-graph.ts';
import type { ServedGraph } from './graph/served-graph.ts';
import { ServedGraphs } from './graph/served-graphs.ts';
import { addAccountPages } from './account-pages/add-account-pages.ts';
import { authenticate } from './identity/authenticate.ts';
import { createTokenVerifier } from './identity/create-token-verifier.ts';
import { createIdentifyCaller } from './identity/identify-caller.ts';
import type { RevokedSessions } from './identity/revoked-sessions.ts';
import { listOperationNames } from './persisted-operations/index.ts';
import { requireHivePlanner } from './planning/hive-planner.ts';
import { followSupergraph, type FollowOptions } from './reload/follow-supergraph.ts';
import { connectRedis } from './redis-connection.ts';
import { addGraphiqlRoutes } from './routes/graphiql.ts';
import { addGraphqlRoute } from './routes/graphql.ts';
import { addGatewayHealthRoutes } from './routes/health.ts';
import { addJwksRoute } from './routes/jwks.ts';
import { addRootRoute } from './routes/root.ts';
import { serveSubscriptions } from './subscriptions/serve-subscriptions.ts';
import type { Supergraph } from './supergraph/index.ts';
import { addCacheMetrics } from './telemetry/cache-metrics.ts';
import { addGatewayGauges } from './telemetry/gateway-gauges.ts';
import { createGatewayMetrics } from './telemetry/gateway-metrics.ts';
import { OperationNames } from './telemetry/operation-names.ts';
import { reportRequests } from './telemetry/report-requests.ts';

/** Then a client connects again, perhaps to another replica. */
export const maxRequestsPerSocket = 10_000;

export interface RunningGateway {
  /** Base URL without a slash at its end. GraphQL is at `/graphql`. */
  readonly url: string;
  /** Loads the file of the supergraph again, if it has one. Never rejects: a file that cannot be served is logged. */
  reload(): Promise<void>;
  /** Finishes the requests in flight, then closes. */
  close(): Promise<void>;
}

/** Builds and starts the gateway. It needs no running subgraph. */
export async function startGateway(options: {
  config: GatewayConfig;
  supergraph: Supergraph;
  /** The file of the supergraph. Default: the gateway serves the same one until it stops. */
  follow?: FollowOptions;
  logger: Logger;
  revokedSessions: RevokedSessions;
  /** The events of the services. Default: none, and the gateway serves no subscriptions and caches nothing. */
  feed?: EventFeed | undefined;
  metrics: Metrics;
  /** True when requests have spans. Default: false. */
  isTraced?: boolean;
  /** Steps of execution before those of the gateway; for tests. */
  executionStages?: readonly ExecutionStage[];
}): Promise<RunningGateway> {
  const { config, logger, revokedSessions, feed, metrics: registry, isTraced = false } = options;
  const { isProduction } = config;
  const tls = await readTls(config);
  if (config.queryPlanner === 'hive') requireHivePlanner();
  const metrics = createGatewayMetrics(registry);

  const clients = createSubgraphClients({ config, metrics, logger });
  const tokens = createTokenVerifier({
    config,
    findIssuer: () => graphs.current.findTokenIssuer(),
    lookups: metrics.tokenLookups,
    logger,
  });
  const verifyAccessToken = tokens.verify;
  const identifyCaller = createIdentifyCaller({ verifyAccessToken, revokedSessions, logger });
  const redis = config.redisUrl === undefined ? undefined : connectRedis(config.redisUrl, logger);
  const rateLimiter = config.rateLimit.points === 0 ? undefined : createRateLimiter({ ...config.rateLimit, redis });
  const masking = createErrorMasking({ logger, service: 'gateway', exposeReasons: config.exposeErrors });
  const signer = createInternalTokenSigner({ privateJwk: config.internalTokenKey, instance: randomUUID() });

  const readGeneration = new ReadGeneration();
  const cache = openCache();
  const shared = {
    config,
    clients,
    verifyAccessToken,
    revokedSessions,
    feed,
    rateLimiter,
    metrics,
    isTraced,
    masking,
    signer,
    readGeneration,
    cache,
    ...(options.executionStages === undefined ? {} : { executionStages: options.executionStages }),
    logger,
  };
  const graphs = new ServedGraphs<ServedGraph>(
    (supergraph, previous) => serveGraph(supergraph, { shared, previous }),
    logger,
  );
  await graphs.replace(options.supergraph);
  if (!tokens.hasIssuer())
    logger.warn('no subgraph issues access tokens, so all are refused: set JWKS_URL to accept some');

  const { http, onRequest } = graphs.current.pipeline;
  const app = createHttpServer({
    logger,
    shutdownDelay: config.shutdownDelayMs,
    ...config.connections,
    maxRequestsPerSocket,
    tls,
    ...http,
  });
  const names = new OperationNames(listOperationNames(config.persistedOperations.files));
  const report = reportRequests(app, { metrics, names, log: config.requestLog, logger });
  measureRequests(app, registry);
  await serveBrowsers(app, { isProduction, ...config.browsers });
  const turns = new LoopTurns();
  const shedding = shedLoad(app, { ...config.load, metrics: registry, logger });
  const admission = [takeTurns(turns), shedding.hook];
  addRootRoute(app, { hasGraphiql: !isProduction });
  const follower =
    options.follow && followSupergraph({ ...options.follow, graphs, reloads: metrics.supergraphReloads, logger });
  addGatewayHealthRoutes(app, {
    graphs,
    findReloadFailure: () => follower?.failure,
    revokedSessions,
    countLaggingStreams: () => graphs.current.live?.listLagging().length ?? 0,
    redis,
    authenticate: authenticate(identifyCaller),
    signer,
    metrics: registry,
    logger,
  });
  addGatewayGauges(registry, { graphs, revokedSessions, rateLimiter });
  addCacheMetrics(registry, cache);
  addJwksRoute(app, tokens);
  addGraphiqlRoutes(app, { isProduction, directory: 'dist/graphiql' });
  const tracing = isTraced ? [traceRequests(app)] : [];
  const subscriptions = serveSubscriptions(app, {
    config,
    graphs,
    identifyCaller,
    turns,
    shedding,
    report,
    masking,
    isTraced,
    metrics: registry,
    logger,
  });
  addGraphqlRoute(app, { graphs, ...subscriptions, onRequest: [...tracing, ...admission, ...onRequest] });
  if (config.hasAccountPages) addAccountPages(app, { graphs, onRequest: admission });
  const url = await listen(app, config);

  function openCache(): GatewayCache | undefined {
    const maxBytes = config.caches.answerBytes;
    // The stock engine asks for entities in its own way.
    if (feed === undefined || maxBytes === 0 || config.engine === 'stock') return undefined;
    return new GatewayCache({ maxBytes, feed, generation: readGeneration, redis, logger });
  }

  return {
    url,
    reload: () => follower?.reload() ?? Promise.resolve(),
    async close() {
      await Promise.all([follower?.stop(), app.close()]);
      await graphs.close();
      cache?.stop();
      redis?.close();
    },
  };
}

/** First of all: a certificate that cannot be used should be reported before anything else is started. */
async function readTls({ tls }: GatewayConfig): Promise<TlsOptions | undefined> {
  return tls === undefined ? undefined : { ...tls, certificate: await readCertificate(tls) };
}
