import { fromPg, isPooled, type SqlExecutor, StatementNames } from '@shop/messaging';
import { poolOptions } from '@shop/subgraph';
import pg from 'pg';
import { ADDRESS_HARD_FACTOR, KNOWN_FOR_SECONDS, type Limit, type ThrottleLimits } from './throttle-limits.ts';

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

/** The keys that a sign-in is counted by. */
export interface SignInKeys {
  readonly address: string;
  /** The account from the address. */
  readonly pair: string;
  readonly account: string;
}

/** The limits of a sign-in, as far as it was counted: each one only if the one before lets it pass. */
export interface SignInCount {
  readonly address: Exceeded | null;
  readonly pair: Exceeded | null;
  readonly strangers: Exceeded | null;
  /** True when the account has been signed in to from the address. */
  readonly isKnown: boolean;
}

/** Milliseconds since 1970 by the database's clock, so that replicas with different clocks share one window. */
const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/**
 * Counts in the current window, or begins a new one. Further attempts do not extend a window.
 *
 * @param key the parameter of the key
 * @param window the parameter of the window in milliseconds
 * @param condition a FROM clause that has a row if the attempt is to be counted
 */
function countAttempt(key: string, window: string, condition = ''): string {
  const hasEnded = `t.expire <= excluded.expire - ${window}::bigint`;
  return `
    INSERT INTO throttles AS t (key, points, expire) SELECT ${key}::text, 1, ${NOW} + ${window}::bigint ${condition}
    ON CONFLICT (key) DO UPDATE SET
      points = CASE WHEN ${hasEnded} THEN 1 ELSE t.points + 1 END,
      expire = CASE WHEN ${hasEnded} THEN excluded.expire ELSE t.expire END
    RETURNING points, expire::float8 AS expire`;
}
const countOne = countAttempt('$1', '$2');
/** In one transaction, since each costs a flush of the log. All sign-ins lock the address first, then the pair, then the account. */
const countThree = `
  WITH address AS (${countAttempt('$1', '$2')}),
  pair AS (${countAttempt('$4', '$5', 'FROM address WHERE address.points <= $3::integer')}),
  account AS (${countAttempt('$7', '$8', 'FROM pair WHERE pair.points <= $6::integer')})
  SELECT address.points AS "addressPoints", address.expire AS "addressExpire", pair.points AS "pairPoints",
    pair.expire AS "pairExpire", account.points AS "accountPoints", account.expire AS "accountExpire",
    EXISTS (SELECT FROM throttles WHERE key = $9 AND expire > ${NOW}) AS "isKnown"
  FROM address LEFT JOIN pair ON true LEFT JOIN account ON true`;
// An attempt that was counted in a window that ended must not become a credit in the new one.
const takeBackPoint = (chosen: string) => `
  UPDATE throttles AS t SET points = t.points - 1 ${chosen} AND t.points > 0 AND t.expire > ${NOW}`;
const takeAttemptBack = takeBackPoint('WHERE t.key = $1');
const forgetKey = 'DELETE FROM throttles WHERE key = $1';
const rememberKeyIf = (condition: string) => `
  INSERT INTO throttles (key, points, expire) SELECT $1, 0, ${NOW} + $2::bigint ${condition}
  ON CONFLICT (key) DO UPDATE SET points = 0, expire = excluded.expire`;
const rememberKey = rememberKeyIf('');
/** Locks in the order of the keys, which is that of the counting. The key to remember comes last, in all transactions. */
const takeThreeBack = `
  WITH locked AS (
    SELECT t.key FROM unnest($3::text[]) WITH ORDINALITY AS k (key, n) JOIN throttles AS t USING (key)
    ORDER BY k.n FOR UPDATE OF t
  ), changed AS (${takeBackPoint('FROM locked WHERE t.key = locked.key')} RETURNING t.key)
  ${rememberKeyIf('FROM (SELECT count(*) FROM changed) AS done')}`;
const readAttempts = `SELECT points, expire::float8 FROM throttles WHERE key = $1 AND expire > ${NOW}`;
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
  const open = (name: LimitName) => openLimiter(sql, name, limits[name]);
  return {
    limiters: {
      address: open('address'),
      registration: open('registration'),
      passwordCheck: open('passwordCheck'),
      emailTaken: open('emailTaken'),
      emailChange: open('emailChange'),
      linksFromAddress: open('linksFromAddress'),
      linksToEmail: open('linksToEmail'),
    },
    signIns: openSignIns(sql, limits),
    close: () => {
      clearInterval(cleaning);
      return pool.end();
    },
  };
}

type LimitName = keyof ThrottleLimits;

/** The first parts of the stored keys. */
const keyNames: Readonly<Record<LimitName, string>> = {
  accountFromAddress: 'account-address',
  accountFromStrangers: 'account',
  address: 'address',
  registration: 'registration',
  passwordCheck: 'password-check',
  emailTaken: 'email-taken',
  emailChange: 'email-change',
  linksFromAddress: 'links-address',
  linksToEmail: 'links-email',
};

const storedKey = (name: LimitName, key: string): string => `${keyNames[name]}:${key}`;
const knownKey = (pair: string): string => `known:${pair}`;

interface Attempts {
  readonly points: number;
  readonly expire: number;
}

function compare({ points: allowed }: Limit, points: number, expire: number): Exceeded | null {
  return points <= allowed ? null : { retryAt: new Date(expire), factor: points / allowed };
}

function openLimiter(sql: SqlExecutor, name: LimitName, limit: Limit): Limiter {
  return {
    async peek(key) {
      const [row] = await sql.query<Attempts>(readAttempts, [storedKey(name, key)]);
      return row === undefined ? null : compare(limit, row.points + 1, row.expire);
    },
    async count(key) {
      const [row] = await sql.query<Attempts>(countOne, [storedKey(name, key), limit.seconds * 1000]);
      if (row === undefined) throw new Error('The database returned no counter.');
      return compare(limit, row.points, row.expire);
    },
    takeBack: async (key) => void (await sql.query(takeAttemptBack, [storedKey(name, key)])),
    forget: async (key) => void (await sql.query(forgetKey, [storedKey(name, key)])),
  };
}

interface SignInRow {
  readonly addressPoints: number;
  readonly addressExpire: number;
  readonly pairPoints: number | null;
  readonly pairExpire: number | null;
  readonly accountPoints: number | null;
  readonly accountExpire: number | null;
  readonly isKnown: boolean;
}

function openSignIns(sql: SqlExecutor, limits: ThrottleLimits) {
  const { address, accountFromAddress, accountFromStrangers } = limits;
  const toStored = (keys: SignInKeys) =>
    [
      storedKey('address', keys.address),
      storedKey('accountFromAddress', keys.pair),
      storedKey('accountFromStrangers', keys.account),
    ] as const;
  const compareCounted = (limit: Limit, points: number | null, expire: number | null) =>
    points === null || expire === null ? null : compare(limit, points, expire);
  return {
    /**
     * Counts a sign-in for the address. Then for the pair, if the address is not far beyond its limit. Then for the account, if the
     * pair is not beyond its own.
     */
    async count(keys: SignInKeys): Promise<SignInCount> {
      const [ofAddress, ofPair, ofAccount] = toStored(keys);
      const [row] = await sql.query<SignInRow>(countThree, [
        ofAddress,
        address.seconds * 1000,
        address.points * ADDRESS_HARD_FACTOR,
        ofPair,
        accountFromAddress.seconds * 1000,
        accountFromAddress.points,
        ofAccount,
        accountFromStrangers.seconds * 1000,
        knownKey(keys.pair),
      ]);
      if (row === undefined) throw new Error('The database returned no counter.');
      return {
        address: compare(address, row.addressPoints, row.addressExpire),
        pair: compareCounted(accountFromAddress, row.pairPoints, row.pairExpire),
        strangers: compareCounted(accountFromStrangers, row.accountPoints, row.accountExpire),
        isKnown: row.isKnown,
      };
    },
    /** Takes a sign-in back from all counters, and remembers the address. */
    async settle(keys: SignInKeys): Promise<void> {
      await sql.query(takeThreeBack, [knownKey(keys.pair), KNOWN_FOR_SECONDS * 1000, toStored(keys)]);
    },
    /** Remembers the address for the account. */
    async remember(pair: string): Promise<void> {
      await sql.query(rememberKey, [knownKey(pair), KNOWN_FOR_SECONDS * 1000]);
    },
  };
}
