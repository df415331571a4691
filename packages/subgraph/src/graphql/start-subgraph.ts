import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { context as activeContext, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parse } from 'graphql';
import {
  createHttpServer,
  getRequestContext,
  traceRequests,
  addHealthRoutes,
  type ReadinessCheck,
  listen,
  type VerifyInternalToken,
  anonymous,
  type Viewer,
  type Logger,
  measureRequests,
  type Metrics,
  serverLimits,
} from '@shop/process';
import { createErrorMasking, nameOperationSpans, toApolloLogger, type IsUnavailable } from '@shop/graphql';
import { enforceDirectives } from '@shop/access';
import { measureMutations } from '../telemetry/measure-mutations.ts';
import { createAnswerPrepared } from './answer-prepared.ts';
import { createAnswerLimit } from './limit-answer-size.ts';
import { isOperator, requireInternalToken, requireViewer } from './require-internal-token.ts';
import type { Preloads, Resolvers } from './resolvers.ts';
import { traceSlowResolvers } from './trace-slow-resolvers.ts';

/** A request whose internal token is verified. */
export interface SubgraphRequest {
  readonly viewer: Viewer;
  readonly requestId: string;
  /** The client's address and user agent, from the gateway. */
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface SubgraphOptions<Context extends BaseContext> {
  /** The subgraph's name in the supergraph, and the audience of its internal tokens. */
  readonly name: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The file of a Unix socket to listen on, in place of the port. Default: the port. */
  readonly socketPath?: string | undefined;
  /** Milliseconds for which a closing server still accepts requests. Default: 0. */
  readonly shutdownDelay?: number;
  readonly logger: Logger;
  /** Gets the metrics of requests, mutations and health. Default: nothing is measured. */
  readonly metrics?: Metrics;
  /** The schema in SDL. */
  readonly typeDefs: string;
  readonly resolvers: Resolvers;
  /** Load what the objects of a list need, by their type. Default: none. */
  readonly preloads?: Preloads | undefined;
  readonly verifyToken: VerifyInternalToken;
  /** Called once per request. Returns a plain object of its own. */
  readonly createContext: (request: SubgraphRequest) => Context;
  /** Checks that must pass for the subgraph to be ready, by name. */
  readonly readiness: Record<string, ReadinessCheck>;
  /** Checks that are reported and may fail, by name. */
  readonly waits?: Record<string, ReadinessCheck>;
  /**
   * How much work of each kind is overdue, for the health report. Everybody sees the kinds, and callers with the scope `ops:write` the
   * numbers. Default: none.
   */
  readonly overdue?: () => Readonly<Record<string, number>>;
  /** For each neighbour: by how many milliseconds this process's clock is ahead, or undefined. A notable one is reported. */
  readonly clocks?: Record<string, () => number | undefined>;
  /**
   * Distinguishes an unavailable database from internal errors. Its errors are answered with SERVICE_UNAVAILABLE.
   * Default:
   * none.
   */
  readonly isUnavailable?: IsUnavailable;
  /**
   * True when answers contain the reason and the stack of unexpected errors: only under `npm run dev`. Default: false.
   */
  readonly exposeReasons?: boolean;
  /** Spans of requests, and of resolvers that take at least `slowResolverMs`. Default: none. */
  readonly traces?: { readonly slowResolverMs: number } | undefined;
  /** Further routes. They are open to everybody: no internal token is required. */
  readonly routes?: (app: FastifyInstance) => void;
  /** Bytes of an answer, 8 MiB by default. A larger one is refused while it is made. */
  readonly maxAnswerBytes?: number;
  /** Bytes of a request's body, 4 MiB by default: one body has all representations of a long list. */
  readonly bodyLimit?: number;
  /** Milliseconds that open connections may take while the server closes, 10,000 by default. Then they are destroyed. */
  readonly drainMs?: number;
}

/** The default limit of an answer, in bytes. */
export const defaultMaxAnswerBytes = 8 * 1024 * 1024;

/**
 * The key of the viewer for the directives, independent of the subgraph's context. A symbol is kept when Apollo Server
 * copies the object.
 */
const viewerKey = Symbol('viewer');

interface ContextWithViewer {
  [viewerKey]?: Viewer;
}

export interface RunningSubgraph {
  /** Base URL without a slash at its end, or that of the socket; GraphQL is at `/graphql`. */
  readonly url: string;
  /** Finishes the requests in flight, then closes. Connections that are open after `drainMs` are destroyed. */
  close(): Promise<void>;
}

/**
 * Serves a federated subgraph: `POST /graphql` for the gateway only, `/health/live`, `/health/ready` and `routes`. It
 * enforces the schema's `@authenticated` and `@requiresScopes`, so that resolvers need not repeat them.
 *
 * @throws PortTakenError, SocketPathError; GraphQLError when schema and resolvers do not fit
 */
export async function startSubgraph<Context extends BaseContext>(
  options: SubgraphOptions<Context>,
): Promise<RunningSubgraph> {
  const { logger, metrics, maxAnswerBytes = defaultMaxAnswerBytes } = options;
  const masking = createErrorMasking({
    logger,
    service: options.name,
    exposeReasons: options.exposeReasons ?? false,
    ...(options.isUnavailable === undefined ? {} : { isUnavailable: options.isUnavailable }),
  });
  const typeDefs = parse(options.typeDefs);
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: options.resolvers }]);
  enforceDirectives(schema, typeDefs, (context) => (context as ContextWithViewer)[viewerKey] ?? anonymous);
  if (options.traces !== undefined) traceSlowResolvers(schema, options.traces.slowResolverMs);
  const answerLimit = createAnswerLimit({ maxBytes: maxAnswerBytes, service: options.name, logger });
  answerLimit.apply(schema);
  if (metrics !== undefined) measureMutations(schema, metrics);

  const apollo = new ApolloServer<Context>({
    schema,
    plugins: [
      answerLimit.plugin,
      masking.plugin,
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ...(options.traces === undefined ? [] : [nameOperationSpans<Context>(() => trace.getActiveSpan())]),
    ],
    formatError: masking.formatError,
    logger: toApolloLogger(logger),
    // Only callers with an internal token reach this code.
    introspection: true,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  await apollo.start();

  const { bodyLimit = serverLimits.maxCallBytes, shutdownDelay = 0, drainMs, overdue = () => ({}) } = options;
  const app = createHttpServer({ logger, bodyLimit, shutdownDelay, drainMs, pipelining: serverLimits.pipelinedCalls });
  if (metrics !== undefined) measureRequests(app, metrics);
  addHealthRoutes(app, {
    ...(metrics === undefined ? {} : { metrics }),
    checks: options.readiness,
    waits: options.waits ?? {},
    overdue,
    readDetails: async (request) => ((await isOperator(request, options.verifyToken)) ? { overdue: overdue() } : {}),
    clocks: options.clocks ?? {},
    logger,
  });
  options.routes?.(app);
  const createContext = (request: FastifyRequest): Context => {
    const subgraphRequest = describe(request);
    const context = options.createContext(subgraphRequest);
    answerLimit.measure(context);
    (context as ContextWithViewer)[viewerKey] = subgraphRequest.viewer;
    return context;
  };
  const answerByApollo = fastifyApolloHandler(apollo, { context: async (request) => createContext(request) });
  const answerPrepared = createAnswerPrepared({
    schema,
    preloads: options.preloads ?? {},
    masking,
    answerLimit,
    createContext,
  });
  const authenticate = requireInternalToken(options.verifyToken, logger);
  app.route({
    method: 'POST',
    url: '/graphql',
    onRequest: options.traces === undefined ? authenticate : [traceRequests(app), authenticate],
    handler: (request, reply) => {
      const current = getRequestContext(request);
      const work = async () => {
        if (await answerPrepared(request, reply)) return reply;
        return await answerByApollo.call(app, request, reply);
      };
      // Only from here on: the events of the body's arrival belong to the connection.
      return current === undefined ? work() : activeContext.with(current, work);
    },
  });
  const url = await listen(app, options);

  return {
    url,
    async close() {
      await app.close();
      await apollo.stop();
    },
  };
}

function describe(request: FastifyRequest): SubgraphRequest {
  return {
    viewer: requireViewer(request),
    requestId: request.id,
    ip: readHeader(request, 'x-client-ip'),
    userAgent: readHeader(request, 'x-client-user-agent'),
  };
}

function readHeader(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
