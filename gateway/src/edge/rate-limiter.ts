import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { RedisConnection } from '../redis-connection.ts';

export interface RateLimiterOptions {
  /** Points that a client may spend in a minute. */
  readonly points: number;
  /** The gateways with the same server count together. Without one, each gateway counts alone. */
  readonly redis: Pick<RedisConnection, 'client' | 'isUp'> | undefined;
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
}

const windowSeconds = 60;

export function createRateLimiter({ points, redis }: RateLimiterOptions): RateLimiter {
  const memory = new RateLimiterMemory({ points, duration: windowSeconds });
  const limiter: RateLimiterAbstract =
    redis === undefined
      ? memory
      : new RateLimiterRedis({
          storeClient: redis.client,
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
    isShared: () => redis === undefined || redis.isUp(),
  };
}
