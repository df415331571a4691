import { ConfigError, fields, loadConfig } from '@shop/process';
import { z } from 'zod';
import { defaultLimits } from './limits/index.ts';

/** The gateway's environment; the only reader of process.env here. */
export function readConfig(env = process.env) {
  const read = loadConfig(
    'gateway',
    {
      NODE_ENV: z.string().default('development'),
      LOG_LEVEL: fields.logLevel(),
      HOST: fields.host(),
      GATEWAY_PORT: fields.port(4000),
      USER_PORT: fields.port(4001),
      PRODUCT_PORT: fields.port(4002),
      ORDER_PORT: fields.port(4003),
      USER_URL: fields.httpUrl().optional(),
      PRODUCT_URL: fields.httpUrl().optional(),
      ORDER_URL: fields.httpUrl().optional(),
      INTERNAL_TOKEN_KEY: fields.privateJwk(),
      ACCESS_TOKEN_ISSUER: z.string().default('federated-commerce'),
      ACCESS_TOKEN_AUDIENCE: z.string().default('federated-commerce-api'),
      SUBGRAPH_TIMEOUT_MS: fields.integer(5_000, 1, 600_000),
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
    logLevel: read.LOG_LEVEL,
    host: read.HOST,
    port: read.GATEWAY_PORT,
    subgraphUrls: {
      user: read.USER_URL ?? `http://127.0.0.1:${read.USER_PORT}`,
      product: read.PRODUCT_URL ?? `http://127.0.0.1:${read.PRODUCT_PORT}`,
      order: read.ORDER_URL ?? `http://127.0.0.1:${read.ORDER_PORT}`,
    },
    internalTokenKey: read.INTERNAL_TOKEN_KEY,
    accessTokens: { issuer: read.ACCESS_TOKEN_ISSUER, audience: read.ACCESS_TOKEN_AUDIENCE },
    subgraphTimeoutMs: read.SUBGRAPH_TIMEOUT_MS,
    /** What one operation may ask for. */
    limits: {
      maxDepth: read.MAX_DEPTH,
      maxSelections: read.MAX_SELECTIONS,
      maxAliases: read.MAX_ALIASES,
      maxCost: read.MAX_COST,
    },
    /** The proxies that are believed about the client's address. */
    trustedProxies: read.TRUST_PROXY,
    /** Whether operations are served that are in no manifest, and the files of the manifests. */
    persistedOperations: { mode: read.PERSISTED_OPERATIONS, files: manifests },
  };
}
