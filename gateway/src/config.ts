import { nameVariables, services, serviceNames, type ServiceName } from '@shop/contracts';
import {
  ConfigError,
  errorExposureFields,
  fields,
  loadConfig,
  readErrorExposure,
  readTracing,
  tracingFields,
  type CertificateFiles,
} from '@shop/process';
import { z } from 'zod';
import { defaultLimits } from './limits/index.ts';

export type GatewayConfig = Omit<
  ReturnType<typeof readConfig>,
  'logLevel' | 'metricsPort' | 'signingProxyPort' | 'tracing' | 'honoursClientSampling' | 'supergraphFile'
>;

/** The URLs of subgraphs by the variable that sets them, `SUBGRAPH_<NAME>_URL`. */
export type SubgraphUrls = Readonly<Record<string, readonly string[]>>;

type ServiceFields = {
  [Name in ServiceName as `${Uppercase<Name>}_PORT`]: z.ZodOptional<z.ZodType<number>>;
} & {
  [Name in ServiceName as `${Uppercase<Name>}_URL`]: z.ZodOptional<ReturnType<typeof fields.httpUrls>>;
};

/** `<NAME>_PORT` and `<NAME>_URL` of each service. */
const serviceFields = Object.fromEntries(
  serviceNames.flatMap((name) => [
    [nameVariables(name).port, fields.port(services[name].port).unwrap().optional()],
    [nameVariables(name).url, fields.httpUrls().optional()],
  ]),
) as ServiceFields;

const subgraphUrlVariable = /^SUBGRAPH_[A-Z0-9_]+_URL$/;

/** `SUBGRAPH_<NAME>_URL` of each subgraph that has it. The names are not known before the supergraph is read. */
function listSubgraphFields(env: NodeJS.ProcessEnv): Readonly<Record<never, never>> {
  const names = Object.keys(env).filter((name) => subgraphUrlVariable.test(name));
  return Object.fromEntries(names.map((name) => [name, fields.httpUrls().optional()]));
}

/** The variable with the URLs of a subgraph: its name in capitals, and `_` for each character that is neither a letter nor a digit. */
export function nameUrlVariable(subgraph: string): string {
  return `SUBGRAPH_${subgraph.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_URL`;
}

/** The files of the certificate. They are read again every `intervalMs` milliseconds, 10,000 by default. */
export interface TlsFiles extends CertificateFiles {
  readonly intervalMs?: number;
}

/** No value of the variable: the default depends on `NODE_ENV`. */
const byMode = -1;

/**
 * The environment of the gateway, and of the programs that do a part of its work. Nothing else in the gateway reads process.env.
 *
 * @param program names the process in error messages
 */
export function readConfig(env = process.env, program = 'gateway') {
  const read = loadConfig(
    program,
    {
      ...errorExposureFields,
      LOG_LEVEL: fields.logLevel(),
      HOST: fields.host(),
      GATEWAY_PORT: fields.port(4000),
      METRICS_PORT: fields.metricsPort(),
      SIGNING_PROXY_PORT: fields.port(4030),
      REQUEST_LOG_PERCENT: fields.integer(100, 0, 100),
      SLOW_REQUEST_MS: fields.integer(1_000, 0, 600_000),
      SUPERGRAPH_FILE: z.string().default('gateway/supergraph.graphql'),
      ...serviceFields,
      ...listSubgraphFields(env),
      NATS_URL: fields.natsUrl().optional(),
      INTERNAL_TOKEN_KEY: fields.privateJwk(),
      ACCESS_TOKEN_ISSUER: z.string().default('federated-commerce'),
      ACCESS_TOKEN_AUDIENCE: z.string().default('federated-commerce-api'),
      JWKS_URL: fields.httpUrl().optional(),
      SUBGRAPH_TIMEOUT_MS: fields.integer(5_000, 1, 600_000),
      SUBGRAPH_WAIT_MS: fields.integer(3_000, 0, 600_000),
      MAX_ANSWER_BYTES: fields.maxAnswerBytes(),
      SHUTDOWN_DELAY_MS: fields.shutdownDelay(),
      MAX_CONNECTIONS: fields.integer(5_000, 1, 1_000_000),
      CLIENT_STALL_TIMEOUT_MS: fields.integer(30_000, 1_000, 600_000),
      SUBSCRIPTIONS_PER_CONNECTION: fields.integer(50, 1, 1_000_000),
      SUBSCRIPTIONS_PER_CLIENT: fields.integer(100, 1, 1_000_000),
      SUBSCRIPTIONS_MAX: fields.integer(20_000, 0, 1_000_000),
      TLS_CERT_FILE: z.string().optional(),
      TLS_KEY_FILE: z.string().optional(),
      MAX_DEPTH: fields.integer(defaultLimits.maxDepth, 1, 1_000_000_000),
      MAX_SELECTIONS: fields.integer(defaultLimits.maxSelections, 1, 1_000_000_000),
      MAX_ALIASES: fields.integer(defaultLimits.maxAliases, 0, 1_000_000_000),
      MAX_COST: fields.integer(defaultLimits.maxCost, 1, 1_000_000_000),
      MAX_FETCHES: fields.integer(defaultLimits.maxFetches, 1, 1_000_000_000),
      MAX_RESPONSE_BYTES: fields.integer(defaultLimits.maxResponseBytes, 1, 1_000_000_000),
      GATEWAY_ENGINE: z.enum(['own', 'stock']).default('own'),
      QUERY_PLANNER: z.enum(['apollo', 'hive']).default('apollo'),
      PLAN_TIMEOUT_MS: fields.integer(2_000, 1, 600_000),
      DOCUMENT_CACHE_BYTES: fields.integer(64 * 1024 * 1024, 0, 16 * 1024 ** 3),
      PLAN_CACHE_BYTES: fields.integer(32 * 1024 * 1024, 0, 16 * 1024 ** 3),
      CACHE_BYTES: fields.integer(64 * 1024 * 1024, 0, 16 * 1024 ** 3),
      CACHE_MAX_AGE_SECONDS: fields.integer(0, 0, 86_400),
      SHARE_READS: fields.flag(true),
      BATCH_FETCHES: fields.flag(true),
      CORS_ORIGINS: fields.origins().optional(),
      COMPRESS_ABOVE_BYTES: fields.integer(1_024, 0, 1_000_000_000),
      RATE_LIMIT_POINTS: fields.integer(byMode, 0, 1_000_000_000),
      REDIS_URL: fields.redisUrl().optional(),
      MAX_IN_FLIGHT: fields.integer(1_000, 1, 100_000),
      MIN_IN_FLIGHT: fields.integer(25, 1, 100_000),
      SHED_ABOVE_MS: fields.integer(2_000, 1, 600_000),
      TRUST_PROXY: fields.networks().optional(),
      PERSISTED_OPERATIONS: z.enum(['off', 'log', 'enforce']).default('off'),
      PERSISTED_OPERATIONS_FILE: z.string().optional(),
      SHOP_URL: fields.httpUrl().optional(),
      ...tracingFields,
      TRACE_CLIENT_SAMPLING: z.enum(['ignore', 'honour']).default('ignore'),
    },
    env,
  );
  const manifests = (read.PERSISTED_OPERATIONS_FILE ?? '')
    .split(',')
    .map((file) => file.trim())
    .filter((file) => file !== '');
  if (read.PERSISTED_OPERATIONS !== 'off' && manifests.length === 0) {
    throw new ConfigError(program, [
      `PERSISTED_OPERATIONS_FILE is missing: PERSISTED_OPERATIONS=${read.PERSISTED_OPERATIONS} needs a manifest`,
    ]);
  }
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = read;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const [missing, given] =
      certFile === undefined ? ['TLS_CERT_FILE', 'TLS_KEY_FILE'] : ['TLS_KEY_FILE', 'TLS_CERT_FILE'];
    throw new ConfigError(program, [`${missing} is missing: ${given} needs it. Set both for TLS, or none.`]);
  }
  if (read.QUERY_PLANNER === 'hive' && read.GATEWAY_ENGINE === 'stock')
    throw new ConfigError(program, [
      "QUERY_PLANNER=hive is not allowed where GATEWAY_ENGINE=stock: that engine executes Apollo's plans only. Unset one of them.",
    ]);
  const isProduction = read.NODE_ENV === 'production';
  return {
    isProduction,
    /** True when clients may see the reason and the stack of unexpected errors. */
    exposeErrors: readErrorExposure(program, read),
    logLevel: read.LOG_LEVEL,
    host: read.HOST,
    port: read.GATEWAY_PORT,
    metricsPort: read.METRICS_PORT,
    /** The port on loopback where the signing proxy listens. */
    signingProxyPort: read.SIGNING_PROXY_PORT,
    /** Which requests get a line in the log. */
    requestLog: { share: read.REQUEST_LOG_PERCENT / 100, slowMs: read.SLOW_REQUEST_MS },
    /** The file with the supergraph. */
    supergraphFile: read.SUPERGRAPH_FILE,
    /** A subgraph without URLs here has the routing URL of the supergraph. */
    subgraphUrls: readSubgraphUrls(read),
    /** The broker, from which the gateway learns of revoked sessions. */
    natsUrl: read.NATS_URL,
    internalTokenKey: read.INTERNAL_TOKEN_KEY,
    accessTokens: { issuer: read.ACCESS_TOKEN_ISSUER, audience: read.ACCESS_TOKEN_AUDIENCE },
    /** Where the keys of access tokens are, if that is not the service that issues them. */
    jwksUrl: read.JWKS_URL,
    subgraphTimeoutMs: read.SUBGRAPH_TIMEOUT_MS,
    /** How long calls wait for a subgraph that restarts. */
    subgraphWaitMs: read.SUBGRAPH_WAIT_MS,
    /** The limit that subgraphs set to the size of their answers. */
    subgraphAnswerBytes: read.MAX_ANSWER_BYTES,
    shutdownDelayMs: read.SHUTDOWN_DELAY_MS,
    /** The limits of the connections of clients. */
    connections: { maxConnections: read.MAX_CONNECTIONS, stallTimeout: read.CLIENT_STALL_TIMEOUT_MS },
    /** The most subscriptions that may be open at a time. */
    subscriptions: {
      perConnection: read.SUBSCRIPTIONS_PER_CONNECTION,
      perClient: read.SUBSCRIPTIONS_PER_CLIENT,
      max: read.SUBSCRIPTIONS_MAX,
    },
    /** Time between the pings of a stream. Proxies close connections on which nothing moves for a minute, and some for 15 seconds. */
    streamPingMs: 12_000,
    /** The certificate for TLS and HTTP/2; without it, clients use HTTP/1.1 in plain text. */
    tls: certFile === undefined || keyFile === undefined ? undefined : ({ certFile, keyFile } as TlsFiles),
    /** The limits of one operation. */
    limits: {
      maxDepth: read.MAX_DEPTH,
      maxSelections: read.MAX_SELECTIONS,
      maxAliases: read.MAX_ALIASES,
      maxCost: read.MAX_COST,
      maxFetches: read.MAX_FETCHES,
      maxResponseBytes: read.MAX_RESPONSE_BYTES,
    },
    /** The executor: our own engine, or that of `@apollo/gateway`. */
    engine: read.GATEWAY_ENGINE,
    /** The planner: Apollo's, or Hive's with Apollo's for the operations that it refuses. */
    queryPlanner: read.QUERY_PLANNER,
    /** How long planning one operation may take. */
    planTimeoutMs: read.PLAN_TIMEOUT_MS,
    /** Bytes of memory for documents with their compiled operations, for plans, and for answers, by estimate. 0 answers: none is kept. */
    caches: {
      documentBytes: read.DOCUMENT_CACHE_BYTES,
      planBytes: read.PLAN_CACHE_BYTES,
      answerBytes: read.CACHE_BYTES,
    },
    /** Seconds for which caches outside may serve an answer that is the same for everyone. */
    httpCacheSeconds: read.CACHE_MAX_AGE_SECONDS,
    /** True when equal reads of subgraphs that are on their way at the same time are sent once. */
    sharesReads: read.SHARE_READS,
    /** True when calls for entities of one subgraph that a plan has at the same time are sent together. */
    batchesFetches: read.BATCH_FETCHES,
    /** The rights of pages of other origins, and the size from which answers are compressed. */
    browsers: {
      corsOrigins: read.CORS_ORIGINS ?? (isProduction ? [] : ['localhost']),
      compressAboveBytes: read.COMPRESS_ABOVE_BYTES,
    },
    /** The points of cost that a client may spend in a minute; 0 is no limit. */
    rateLimit: {
      points: read.RATE_LIMIT_POINTS === byMode ? (isProduction ? 200_000 : 0) : read.RATE_LIMIT_POINTS,
    },
    /** A server where gateways count rates together and share parts of answers. */
    redisUrl: read.REDIS_URL,
    /** The limits of operations in flight. */
    load: {
      most: Math.max(read.MAX_IN_FLIGHT, read.MIN_IN_FLIGHT),
      least: read.MIN_IN_FLIGHT,
      targetMs: read.SHED_ABOVE_MS,
    },
    /** The proxies that are trusted to report the client's address. */
    trustedProxies: read.TRUST_PROXY,
    /** The mode, which decides about operations that are in no manifest, and the files of the manifests. */
    persistedOperations: { mode: read.PERSISTED_OPERATIONS, files: manifests },
    /** Where traces go; undefined for nowhere. */
    tracing: readTracing(read),
    /** True when a client decides by its `traceparent` that its request is recorded. */
    honoursClientSampling: read.TRACE_CLIENT_SAMPLING === 'honour',
    /** False when a shop has the pages that links in messages open. */
    hasAccountPages: read.SHOP_URL === undefined,
  };
}

/** `SUBGRAPH_<NAME>_URL` has priority over `<NAME>_URL`, and that over `<NAME>_PORT`, which is a port on loopback. */
function readSubgraphUrls(read: Readonly<Record<string, unknown>>): SubgraphUrls {
  const urls: Record<string, readonly string[]> = {};
  for (const name of serviceNames) {
    const variables = nameVariables(name);
    const port = read[variables.port];
    const loopback = port === undefined ? undefined : [`http://127.0.0.1:${String(port)}`];
    const found = (read[variables.url] as readonly string[] | undefined) ?? loopback;
    if (found !== undefined) urls[nameUrlVariable(name)] = found;
  }
  for (const [name, value] of Object.entries(read))
    if (subgraphUrlVariable.test(name) && value !== undefined) urls[name] = value as readonly string[];
  return urls;
}
