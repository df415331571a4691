import { services, serviceNames, type ServiceName } from '@shop/contracts';
import { ConfigError, errorExposureFields, fields, loadConfig, readErrorExposure } from '@shop/process';
import { z } from 'zod';
import { defaultLimits } from './limits/index.ts';

export type GatewayConfig = Omit<ReturnType<typeof readConfig>, 'logLevel'>;

type ServiceFields = { [Name in ServiceName as `${Uppercase<Name>}_PORT`]: ReturnType<typeof fields.port> } & {
  [Name in ServiceName as `${Uppercase<Name>}_URL`]: z.ZodOptional<ReturnType<typeof fields.httpUrl>>;
};

/** `<NAME>_PORT` and `<NAME>_URL` of each service. */
const serviceFields = Object.fromEntries(
  serviceNames.flatMap((name) => [
    [`${name.toUpperCase()}_PORT`, fields.port(services[name].port)],
    [`${name.toUpperCase()}_URL`, fields.httpUrl().optional()],
  ]),
) as ServiceFields;

/** The gateway's environment. Nothing else in the gateway reads process.env. */
export function readConfig(env = process.env) {
  const read = loadConfig(
    'gateway',
    {
      ...errorExposureFields,
      LOG_LEVEL: fields.logLevel(),
      HOST: fields.host(),
      GATEWAY_PORT: fields.port(4000),
      ...serviceFields,
      INTERNAL_TOKEN_KEY: fields.privateJwk(),
      ACCESS_TOKEN_ISSUER: z.string().default('federated-commerce'),
      ACCESS_TOKEN_AUDIENCE: z.string().default('federated-commerce-api'),
      SUBGRAPH_TIMEOUT_MS: fields.integer(5_000, 1, 600_000),
      SUBGRAPH_WAIT_MS: fields.integer(3_000, 0, 600_000),
      SHUTDOWN_DELAY_MS: fields.shutdownDelay(),
      MAX_CONNECTIONS: fields.integer(5_000, 1, 1_000_000),
      CLIENT_STALL_TIMEOUT_MS: fields.integer(30_000, 1_000, 600_000),
      MAX_DEPTH: fields.integer(defaultLimits.maxDepth, 1, 1_000_000_000),
      MAX_SELECTIONS: fields.integer(defaultLimits.maxSelections, 1, 1_000_000_000),
      MAX_ALIASES: fields.integer(defaultLimits.maxAliases, 0, 1_000_000_000),
      MAX_COST: fields.integer(defaultLimits.maxCost, 1, 1_000_000_000),
      TRUST_PROXY: fields.networks().optional(),
      PERSISTED_OPERATIONS: z.enum(['off', 'log', 'enforce']).default('off'),
      PERSISTED_OPERATIONS_FILE: z.string().optional(),
    },
    env,
  );
  const manifests = (read.PERSISTED_OPERATIONS_FILE ?? '')
    .split(',')
    .map((file) => file.trim())
    .filter((file) => file !== '');
  if (read.PERSISTED_OPERATIONS !== 'off' && manifests.length === 0) {
    throw new ConfigError('gateway', [
      `PERSISTED_OPERATIONS_FILE is missing: PERSISTED_OPERATIONS=${read.PERSISTED_OPERATIONS} needs a manifest`,
    ]);
  }
  return {
    isProduction: read.NODE_ENV === 'production',
    /** True when clients may see the reason and the stack of unexpected errors. */
    exposeErrors: readErrorExposure('gateway', read),
    logLevel: read.LOG_LEVEL,
    host: read.HOST,
    port: read.GATEWAY_PORT,
    subgraphUrls: readSubgraphUrls(read),
    internalTokenKey: read.INTERNAL_TOKEN_KEY,
    accessTokens: { issuer: read.ACCESS_TOKEN_ISSUER, audience: read.ACCESS_TOKEN_AUDIENCE },
    subgraphTimeoutMs: read.SUBGRAPH_TIMEOUT_MS,
    /** How long calls wait for a subgraph that restarts. */
    subgraphWaitMs: read.SUBGRAPH_WAIT_MS,
    shutdownDelayMs: read.SHUTDOWN_DELAY_MS,
    /** The limits of the connections of clients. */
    connections: { maxConnections: read.MAX_CONNECTIONS, stallTimeout: read.CLIENT_STALL_TIMEOUT_MS },
    /** The limits of one operation. */
    limits: {
      maxDepth: read.MAX_DEPTH,
      maxSelections: read.MAX_SELECTIONS,
      maxAliases: read.MAX_ALIASES,
      maxCost: read.MAX_COST,
    },
    /** The proxies that are trusted to report the client's address. */
    trustedProxies: read.TRUST_PROXY,
    /** The mode, which decides about operations that are in no manifest, and the files of the manifests. */
    persistedOperations: { mode: read.PERSISTED_OPERATIONS, files: manifests },
  };
}

/** By default the subgraphs listen on loopback. */
function readSubgraphUrls(read: Readonly<Record<string, unknown>>): Record<ServiceName, string> {
  const urls = serviceNames.map((name) => {
    const prefix = name.toUpperCase();
    return [name, read[`${prefix}_URL`] ?? `http://127.0.0.1:${String(read[`${prefix}_PORT`])}`];
  });
  return Object.fromEntries(urls) as Record<ServiceName, string>;
}
