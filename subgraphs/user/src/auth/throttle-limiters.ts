import { poolOptions } from '@shop/subgraph';
import pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limit, ThrottleLimits } from './throttle-limits.ts';

/** One of the limits. */
export interface Limiter {
  /** Counts an attempt. Returns null if it is allowed, otherwise when the next one is. */
  count(key: string): Promise<Date | null>;
  /** Takes one attempt back. */
  takeBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
}

const TABLE = 'throttles';

/** Opens all limits over one table and one pool. */
export function openLimiters(databaseUrl: string, limits: ThrottleLimits) {
  const pool = new pg.Pool({ ...poolOptions(databaseUrl, { max: 4 }), application_name: 'user-throttle' });
  // Without a listener, a broken idle connection would end the process. The next query reports the problem.
  pool.on('error', () => {});
  const store = (keyPrefix: string, { points, seconds }: Limit, clearExpiredByTimeout = false) =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: TABLE,
      tableCreated: true,
      keyPrefix,
      points,
      duration: seconds,
      clearExpiredByTimeout,
    });
  // One limiter deletes expired rows for all: every 5 minutes, rows that expired an hour ago.
  const known = store('known', { points: 1, seconds: 1 }, true);
  return {
    limiters: {
      accountFromAddress: limiterOver(store('account-address', limits.accountFromAddress)),
      accountFromStrangers: limiterOver(store('account', limits.accountFromStrangers)),
      address: limiterOver(store('address', limits.address)),
      registration: limiterOver(store('registration', limits.registration)),
      passwordCheck: limiterOver(store('password-check', limits.passwordCheck)),
    },
    /** Keys that are remembered for a limited time. */
    known: {
      has: async (key: string) => (await known.get(key)) !== null,
      add: async (key: string, seconds: number) => void (await known.set(key, 0, seconds)),
    },
    close: () => pool.end(),
  };
}

function limiterOver(store: RateLimiterPostgres): Limiter {
  return {
    async count(key) {
      try {
        await store.consume(key);
        return null;
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return new Date(Date.now() + refusal.msBeforeNext);
        throw refusal;
      }
    },
    async takeBack(key) {
      const { consumedPoints } = await store.reward(key);
      // The window ended in between: the attempt was counted in the old window, and must not become a credit in the
      // new one.
      if (consumedPoints < 0) await store.delete(key);
    },
    forget: async (key) => void (await store.delete(key)),
  };
}
