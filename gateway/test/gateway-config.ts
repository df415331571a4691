import { readTestedEngine } from '@shop/testing/config';
import type { JWK } from 'jose';
import { nameUrlVariable } from '../src/config.ts';
import type { GatewayConfig } from '../src/index.ts';
import { defaultLimits } from '../src/limits/index.ts';

/** The configuration of a gateway in a test. */
export function createGatewayConfig(
  required: {
    /** The base URLs of subgraphs by their names. Default: none. */
    readonly subgraphUrls?: Readonly<Record<string, readonly string[]>>;
    readonly internalTokenKey: JWK;
  },
  changes: Partial<GatewayConfig> = {},
): GatewayConfig {
  const { subgraphUrls = {}, internalTokenKey } = required;
  return {
    isProduction: false,
    exposeErrors: false,
    host: '127.0.0.1',
    port: 0,
    subgraphUrls: Object.fromEntries(Object.entries(subgraphUrls).map(([name, urls]) => [nameUrlVariable(name), urls])),
    // Tests fill the list of revoked sessions by themselves.
    natsUrl: 'nats://unused.invalid',
    internalTokenKey,
    accessTokens: { issuer: 'federated-commerce', audience: 'federated-commerce-api' },
    jwksUrl: undefined,
    subgraphTimeoutMs: 10_000, // a busy machine must not look like a subgraph that is away
    subgraphWaitMs: 300,
    subgraphAnswerBytes: 8 * 1024 * 1024,
    shutdownDelayMs: 0,
    connections: { maxConnections: 1_000, stallTimeout: 30_000 },
    subscriptions: { perConnection: 50, perClient: 100, max: 20_000 },
    streamPingMs: 12_000,
    tls: undefined,
    limits: defaultLimits,
    engine: readTestedEngine(),
    queryPlanner: 'apollo',
    planTimeoutMs: 30_000,
    caches: { documentBytes: 64 * 1024 * 1024, planBytes: 32 * 1024 * 1024, answerBytes: 64 * 1024 * 1024 },
    sharesReads: true,
    batchesFetches: true,
    browsers: { corsOrigins: ['localhost'], compressAboveBytes: 1_024 },
    rateLimit: { points: 0 },
    redisUrl: undefined,
    httpCacheSeconds: 0,
    load: { most: 1_000, least: 25, targetMs: 60_000 },
    trustedProxies: undefined,
    persistedOperations: { mode: 'off', files: [] },
    requestLog: { share: 1, slowMs: 60_000 },
    hasAccountPages: true,
    ...changes,
  };
}
