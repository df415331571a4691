import { poolOptions } from '@shop/subgraph';
import pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limit, ThrottleLimits } from './throttle-limits.ts';

/** One of the limits. */
export interface Limiter {
  /** Counts an attempt: null where it may be made, otherwise when the next one may. */
  count(key: string): Promise<Date | null>;
  /** Takes one attempt back. */
  takeBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
}

const TABLE = 'throttles';

/** The limits over one table and one pool. */
export function openLimiters(databaseUrl: string, limits: ThrottleLimits) {
  const pool = new pg.Pool({ ...poolOptions(databaseUrl, { max: 4 }), application_name: 'user-throttle' });
  // Without a listener an idle connection that breaks would end the process; the next query reports what is wrong.
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
  // One of them deletes expired rows, for all: every 5 minutes what has been over for an hour.
  const known = store('known', { points: 1, seconds: 1 }, true);
  return {
    limiters: {
      accountFromAddress: limiterOver(store('account-address', limits.accountFromAddress)),
      accountFromStrangers: limiterOver(store('account', limits.accountFromStrangers)),
      address: limiterOver(store('address', limits.address)),
      registration: limiterOver(store('registration', limits.registration)),
      passwordCheck: limiterOver(store('password-check', limits.passwordCheck)),
    },
    /** Keys that are remembered for a time. */
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
      // The window ended in between: what is taken back was counted in the old one, and must not be a credit in the new one.
      if (consumedPoints < 0) await store.delete(key);
    },
    forget: async (key) => void (await store.delete(key)),
  };
}
