import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { toCredentials } from '@shop/access';
import { toApolloLogger } from '@shop/graphql';
import type { InternalTokenSigner } from '@shop/process';
import { findRequirements } from '../access/index.ts';
import { AnswerCache } from '../cache/answer-cache.ts';
import type { GatewayCache } from '../cache/gateway-cache.ts';
import { createPartCache } from '../cache/part-cache.ts';
import { findClient, type GatewayContext } from '../context.ts';
import { CheckedDataSource } from '../execution/answers/checked-data-source.ts';
import { createEngineExecutor } from '../execution/engine-executor.ts';
import { addExecutionStages, type ExecutionStage } from '../execution/execution-stages.ts';
import { PreparedDocuments } from '../execution/prepared-documents.ts';
import { createStockExecutor } from '../execution/stock-executor.ts';
import { SubgraphDataSource } from '../execution/transport/data-source.ts';
import type { ReadGeneration } from '../execution/transport/shared-reads.ts';
import { SubgraphCaller } from '../execution/transport/subgraph-caller.ts';
import type { SubgraphClients } from '../execution/transport/subgraph-clients.ts';
import { findSubgraphs } from '../find-subgraphs.ts';
import { createPipeline, type PipelineOptions } from '../gateway.ts';
import type { EventFeed } from '../events/event-feed.ts';
import { LiveQueries } from '../live/live-queries.ts';
import { createPlannedGateway } from '../planning/planned-gateway.ts';
import { createAnswerPrepared, type AnswerPrepared } from '../routes/answer-prepared.ts';
import { createHttpCaching } from '../routes/http-caching.ts';
import { createSandbox } from '../routes/sandbox.ts';
import { collectStages } from '../stage.ts';
import type { Supergraph } from '../supergraph/index.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { checkScalars } from '../validation/check-scalars.ts';
import { requireBroker } from './require-broker.ts';
import { ServedGraph } from './served-graph.ts';

/** The parts that all supergraphs of a gateway share. */
export interface SharedParts extends Omit<PipelineOptions, 'supergraph' | 'documentStore'> {
  readonly metrics: GatewayMetrics;
  readonly clients: SubgraphClients;
  readonly signer: InternalTokenSigner;
  /** Steps before those of the pipeline. Default: none. */
  readonly executionStages?: readonly ExecutionStage[];
  /** Undefined without a broker: then there are no subscriptions. */
  readonly feed: EventFeed | undefined;
  /** Of the data of all subgraphs. */
  readonly readGeneration: ReadGeneration;
  /** Of all subgraphs. Undefined when nothing is kept. */
  readonly cache?: GatewayCache | undefined;
}

/** Operations that are planned for a new supergraph before it is served, and the time for that. */
const warmUp = { operations: 500, maxMs: 10_000 };

/**
 * Makes everything that depends on a supergraph, from the pipeline to the thread of the planner, and starts it. The plans that were used
 * last are made beforehand: otherwise each client would wait for the planner at once, and some would be refused.
 *
 * @param options.previous the supergraph that is served now
 * @throws Error that says why the supergraph cannot be served. Then nothing of it remains.
 */
export async function serveGraph(
  supergraph: Supergraph,
  { shared, previous }: { shared: SharedParts; previous: ServedGraph | undefined },
): Promise<ServedGraph> {
  const { config, metrics, masking, signer, readGeneration: generation, cache, feed, logger } = shared;
  const subgraphs = findSubgraphs(supergraph, config.subgraphUrls);
  const isService = (name: string): boolean => subgraphs.get(name)?.isService === true;
  requireBroker(config, isService);
  const documents = new PreparedDocuments({ maxBytes: config.caches.documentBytes, lookups: metrics.documentLookups });
  const pipeline = collectStages(createPipeline({ ...shared, supergraph, documentStore: documents.store }));
  let answerPrepared: AnswerPrepared | undefined;
  let live: LiveQueries | undefined;

  const { clients, close: closeClients } = shared.clients.open(subgraphs.values());
  const exposeReasons = config.exposeErrors;
  const callers = new Map(
    [...clients].map(([name, client]) => [
      name,
      new SubgraphCaller({
        client,
        signer,
        supergraph,
        metrics,
        logger,
        exposeReasons,
        ...(cache === undefined
          ? {}
          : {
              addsText: true,
              onWrite: (context) => cache.noteWrite(name, (context.record.versionTokens ??= new Map())),
            }),
        // No read of our services depends on the address and the program of the client.
        ...(config.sharesReads ? { sharing: { generation, dependsOnClient: !isService(name) } } : {}),
      }),
    ]),
  );
  // Each subgraph of the supergraph has a client.
  const findCaller = (name: string): SubgraphCaller => callers.get(name) as SubgraphCaller;
  const gateway = createPlannedGateway({
    supergraph,
    planTimeoutMs: config.planTimeoutMs,
    maxPlanBytes: config.caches.planBytes,
    metrics,
    usesVariants: config.engine === 'own',
    planner: config.queryPlanner,
    onFallback: (refusal) => logger.info({ refusal }, "Apollo's planner has planned what Hive's refused"),
    createExecutor:
      config.engine === 'own'
        ? createEngineExecutor({
            supergraph,
            callSubgraph: (name, call, context) => findCaller(name).call(call, context),
            getCredentials: ({ viewer }) => toCredentials(viewer),
            isBatched: config.batchesFetches,
            memory: documents,
            ...(cache === undefined
              ? {}
              : {
                  cache: {
                    begin: ({ viewer, versionToken }) => cache.begin(viewer, cache.readFreshness(versionToken)),
                    open: createPartCache(cache, supergraph),
                  },
                }),
            metrics,
            logger,
            onLoad(engine, schema) {
              const { checks, findText, readDocument } = pipeline;
              const answers =
                cache &&
                new AnswerCache(
                  cache,
                  ({ document, operation }) => findRequirements(document, operation, supergraph).all.length > 0,
                );
              answerPrepared = createAnswerPrepared({
                engine,
                schema,
                documents,
                answers,
                httpCaching: cache && createHttpCaching({ seconds: config.httpCacheSeconds, channels: cache.channels }),
                checks,
                findText,
                readDocument: (text) => readDocument(text, schema),
                masking,
              });
            },
            ...(feed === undefined
              ? {}
              : {
                  openSubscriptions(engine, schema) {
                    const opened = new LiveQueries({ ...shared, supergraph, schema, engine, feed });
                    live = opened;
                    return (request) => opened.prepare(request);
                  },
                }),
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
    checkScalars(apiSchema, supergraph, isService);
    pipeline.prepareSchema(apiSchema);
  });

  const apollo = new ApolloServer<GatewayContext>({
    ...pipeline.apollo,
    gateway: addExecutionStages(gateway, [...(shared.executionStages ?? []), ...pipeline.execution]),
    plugins: [
      ...pipeline.plugins,
      documents.plugin,
      createSandbox({ isProduction: config.isProduction, hasServices: [...subgraphs.keys()].some(isService) }),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    logger: toApolloLogger(logger),
    nodeEnv: config.isProduction ? 'production' : 'development',
    stopOnTerminationSignals: false,
  });
  try {
    await apollo.start();
  } catch (error) {
    live?.close('restart');
    await Promise.all([gateway.stop(), closeClients()]);
    throw error;
  }
  // A planner that fails is replaced, and tells the clients.
  await gateway.plans.prepare(previous?.plans.listOperations(warmUp.operations) ?? [], warmUp.maxMs).catch(() => {});
  return new ServedGraph({
    supergraph,
    pipeline,
    apollo,
    answerPrepared,
    live,
    documents,
    plans: gateway.plans,
    clients,
    isService,
    async close() {
      await apollo.stop();
      await closeClients();
    },
  });
}
