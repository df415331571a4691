import { fromPg, isPooled, type SqlExecutor, StatementNames } from '@shop/messaging';
import { poolOptions } from '@shop/subgraph';
import pg from 'pg';
import type { Limit, ThrottleLimits } from './throttle-limits.ts';

/** A limit that is exceeded. */
export interface Exceeded {
  readonly retryAt: Date;
  /** The attempts in this window, divided by those that are allowed. */
  readonly factor: number;
}

/** One of the limits. */
export interface Limiter {
  /** Counts an attempt. Returns null if it is allowed, otherwise when the next one is. */
  count(key: string): Promise<Exceeded | null>;
  /** Returns the same for the next attempt, without counting it. */
  peek(key: string): Promise<Exceeded | null>;
  /** Takes one attempt back. */
  takeBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
}

/** Milliseconds since 1970 by the database's clock, so that replicas with different clocks share one window. */
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

const hasEnded = 't.expire <= excluded.expire - $2::bigint';
/** Counts in the current window, or begins a new one of `$2` milliseconds. Further attempts do not extend a window. */
const countAttempt = `
  INSERT INTO throttles AS t (key, points, expire) VALUES ($1, 1, ${NOW} + $2::bigint)
  ON CONFLICT (key) DO UPDATE SET
    points = CASE WHEN ${hasEnded} THEN 1 ELSE t.points + 1 END,
    expire = CASE WHEN ${hasEnded} THEN excluded.expire ELSE t.expire END
  RETURNING points, expire::float8`;
// An attempt that was counted in a window that ended must not become a credit in the new one.
const takeAttemptBack = `UPDATE throttles SET points = points - 1 WHERE key = $1 AND points > 0 AND expire > ${NOW}`;
const forgetKey = 'DELETE FROM throttles WHERE key = $1';
const rememberKey = `
  INSERT INTO throttles (key, points, expire) VALUES ($1, 0, ${NOW} + $2::bigint)
  ON CONFLICT (key) DO UPDATE SET points = 0, expire = excluded.expire`;
const readAttempts = `SELECT points, expire::float8 FROM throttles WHERE key = $1 AND expire > ${NOW}`;
const findKey = `SELECT FROM throttles WHERE key = $1 AND expire > ${NOW}`;
const deleteEnded = `DELETE FROM throttles WHERE expire < ${NOW} - 3600000`;

/** Connections of the limits' own pool. */
export const THROTTLE_CONNECTIONS = 4;

const CLEANING_MS = 5 * 60_000;

/** Opens all limits over one table and one pool. Every five minutes it deletes the rows that expired an hour ago. */
export function openLimiters(databaseUrl: string, limits: ThrottleLimits) {
  const pool = new pg.Pool({
    ...poolOptions(databaseUrl, { max: THROTTLE_CONNECTIONS }),
    application_name: 'user-throttle',
  });
  // Without a listener, a broken idle connection would end the process. The next query reports the problem.
  pool.on('error', () => {});
  const sql = fromPg(pool, isPooled(databaseUrl) ? undefined : new StatementNames());
  // A round that fails is made up by the next one.
  const cleaning = setInterval(() => void pool.query(deleteEnded).catch(() => {}), CLEANING_MS);
  cleaning.unref();
  const open = (name: string, limit: Limit) => openLimiter(sql, name, limit);
  return {
    limiters: {
      accountFromAddress: open('account-address', limits.accountFromAddress),
      accountFromStrangers: open('account', limits.accountFromStrangers),
      address: open('address', limits.address),
      registration: open('registration', limits.registration),
      passwordCheck: open('password-check', limits.passwordCheck),
      emailTaken: open('email-taken', limits.emailTaken),
      emailChange: open('email-change', limits.emailChange),
      linksFromAddress: open('links-address', limits.linksFromAddress),
      linksToEmail: open('links-email', limits.linksToEmail),
    },
    /** Keys that are remembered for a limited time. */
    known: {
      has: async (key: string) => (await sql.query(findKey, [`known:${key}`])).length === 1,
      add: async (key: string, seconds: number) =>
        void (await sql.query(rememberKey, [`known:${key}`, seconds * 1000])),
    },
    close: () => {
      clearInterval(cleaning);
      return pool.end();
    },
  };
}

interface Attempts {
  readonly points: number;
  readonly expire: number;
}

function openLimiter(sql: SqlExecutor, name: string, { points: allowed, seconds }: Limit): Limiter {
  const compare = (points: number, expire: number): Exceeded | null =>
    points <= allowed ? null : { retryAt: new Date(expire), factor: points / allowed };
  return {
    async peek(key) {
      const [row] = await sql.query<Attempts>(readAttempts, [`${name}:${key}`]);
      return row === undefined ? null : compare(row.points + 1, row.expire);
    },
    async count(key) {
      const values = [`${name}:${key}`, seconds * 1000];
      const [row] = await sql.query<Attempts>(countAttempt, values);
      if (row === undefined) throw new Error('The database returned no counter.');
      return compare(row.points, row.expire);
    },
    takeBack: async (key) => void (await sql.query(takeAttemptBack, [`${name}:${key}`])),
    forget: async (key) => void (await sql.query(forgetKey, [`${name}:${key}`])),
  };
}
