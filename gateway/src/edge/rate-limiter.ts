import type { Logger } from '@shop/process';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

export interface RateLimiterOptions {
  /** Points that a client may spend in a minute. */
  readonly points: number;
  /** A Redis or Valkey server that all gateways share. Without one, each gateway counts alone. */
  readonly redisUrl: string | undefined;
  readonly logger: Logger;
}

/** The rest of a client's budget. */
export interface Budget {
  readonly isExceeded: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the budget is full again. */
  readonly resetSeconds: number;
}

export interface RateLimiter {
  /** Charges a client. It never fails: while Redis is away, this gateway counts alone. */
  spend(client: string, points: number): Promise<Budget>;
  /** False while Redis is away. */
  isShared(): boolean;
  close(): void;
}

const windowSeconds = 60;

/** Redis answers within a millisecond. Later, and a request would rather be counted here. */
const redisTimeoutMs = 250;

export function createRateLimiter({ points, redisUrl, logger }: RateLimiterOptions): RateLimiter {
  const memory = new RateLimiterMemory({ points, duration: windowSeconds });
  const redis = redisUrl === undefined ? undefined : connect(redisUrl, logger);
  const limiter: RateLimiterAbstract =
    redis === undefined
      ? memory
      : new RateLimiterRedis({
          storeClient: redis,
          keyPrefix: 'shop-rate',
          points,
          duration: windowSeconds,
          insuranceLimiter: memory,
          rejectIfRedisNotReady: true,
        });
  return {
    async spend(client, spent) {
      const result = await limiter.consume(client, spent).catch((reason: unknown) => {
        if (reason instanceof RateLimiterRes) return reason;
        throw reason;
      });
      return {
        isExceeded: result.consumedPoints > points,
        limit: points,
        remaining: Math.max(0, result.remainingPoints),
        resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
      };
    },
    isShared: () => redis === undefined || redis.status === 'ready',
    close: () => redis?.disconnect(),
  };
}

function connect(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    commandTimeout: redisTimeoutMs,
    connectTimeout: 5_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(5_000, 100 * 2 ** times),
  });
  let isAway = false;
  const warn = (error?: Error): void => {
    // The end of the process is no outage.
    if (isAway || redis.status === 'end') return;
    isAway = true;
    logger.warn({ err: error }, 'Redis is away: each gateway limits the rate of its own clients');
  };
  redis.on('error', warn);
  redis.on('close', () => setImmediate(warn));
  redis.on('ready', () => {
    if (isAway) logger.info('Redis is back: the gateways limit rates together');
    isAway = false;
  });
  return redis;
}
