import { randomBytes } from 'node:crypto';
import { eventually, startTestDatabase } from '@shop/testing';
import { uuidv7 } from '@shop/subgraph';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import pg from 'pg';
import { parseAccessTokenKeys } from '../src/auth/access-token-keys.ts';
import { createAddressSealer } from '../src/auth/address-sealer.ts';
import { createAccessTokens } from '../src/auth/access-tokens.ts';
import { createPasswordHasher } from '../src/auth/password-hasher.ts';
import { openThrottle, type Throttle } from '../src/auth/throttle.ts';
import type { ThrottleLimits } from '../src/auth/throttle-limits.ts';
import { openDatabase } from '../src/db/database.ts';
import { beginAskedResets } from '../src/use-cases/begin-asked-resets.ts';
import type { Dependencies } from '../src/use-cases/dependencies.ts';
import { findRecipient } from '../src/use-cases/find-recipient.ts';
import { login } from '../src/use-cases/login.ts';
import { register } from '../src/use-cases/register.ts';

const wide = { points: 100_000, seconds: 60 };
const limits = {
  accountFromAddress: wide,
  accountFromStrangers: wide,
  address: wide,
  registration: wide,
  passwordCheck: wide,
  emailTaken: wide,
  emailChange: wide,
  linksFromAddress: wide,
  linksToEmail: wide,
};

export const password = 'correct horse battery staple';
export const client = { ip: '127.0.0.1', userAgent: 'jest' };

export interface Accounts {
  readonly dependencies: Dependencies;
  /** Opens an account, signed in. */
  open(rest?: object): Promise<Opened>;
  /** Signs in again and returns the new session's tokens. */
  signIn(email: string): Promise<{ sessionId: string; refreshToken: string }>;
  /** Opens another throttle over the same counters, with some other limits. */
  openThrottle(changed: Partial<ThrottleLimits>): Throttle;
  claimsOf(accessToken: string): Promise<{ sub: string; sid: string; scope: string }>;
  /** Lists the types and data of an account's events, oldest first. */
  eventsOf(userId: string): Promise<[string, object][]>;
  /** Begins the resets that were asked for, as the job does. */
  beginResets(): Promise<void>;
  /** Returns the newest request of an account that an event of a type tells of, as the mail about it gets it. */
  linkOf(userId: string, type: LinkEvent): Promise<Link>;
  /** Locks an account until so many other transactions wait for it. Then they go on, one after the other. */
  releaseTogether<Result>(userId: string, work: readonly (() => Promise<Result>)[]): Promise<Result[]>;
  stop(): Promise<void>;
}

/** The end of the type of an event with a request. */
export type LinkEvent = 'created' | 'password_reset_requested' | 'email_verification_requested';

/** A link that was sent. */
export interface Link {
  readonly requestId: string;
  readonly email: string;
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Opened {
  readonly email: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly refreshToken: string;
}

/** Starts the user subgraph's use-cases with a database for this test. */
export async function startAccounts(passwordCheck = wide): Promise<Accounts> {
  const server = await startTestDatabase('user');
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const keys = await parseAccessTokenKeys(
    JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'test' }),
    'the test',
  );
  const dependencies: Dependencies = {
    database: openDatabase(server.url),
    hasher: await createPasswordHasher({ queue: 1_000 }),
    throttle: openThrottle(server.url, { ...limits, passwordCheck }),
    accessTokens: createAccessTokens({ keys: () => keys, issuer: 'issuer', audience: 'audience' }),
    sealer: createAddressSealer(randomBytes(32)),
    now: () => new Date(),
  };
  const claimsOf = async (token: string) => {
    const { payload } = await jwtVerify(token, createLocalJWKSet(dependencies.accessTokens.jwks));
    return payload as unknown as { sub: string; sid: string; scope: string };
  };
  const eventsOf: Accounts['eventsOf'] = async (aggregateId) => {
    const rows = await dependencies.database.client.outbox.findMany({
      where: { aggregateId },
      orderBy: { sequence: 'asc' },
    });
    return rows.map(({ type, payload }) => [type, (payload as { data: object }).data]);
  };
  return {
    dependencies,
    claimsOf,
    openThrottle: (changed) => openThrottle(server.url, { ...limits, passwordCheck, ...changed }),
    open: async (rest = {}) => {
      const input = { email: `${uuidv7()}@example.com`, password, name: 'Ada', ...rest };
      const outcome = await register(dependencies, input, client);
      if (outcome.kind !== 'opened') throw new Error(JSON.stringify(outcome));
      const { sub: userId, sid: sessionId } = await claimsOf(outcome.extra.accessToken);
      return { email: input.email, userId, sessionId, refreshToken: outcome.extra.refreshToken };
    },
    signIn: async (email) => {
      const outcome = await login(dependencies, { email, password }, client);
      if (outcome.kind !== 'signed-in') throw new Error(outcome.kind);
      const { sid: sessionId } = await claimsOf(outcome.tokens.accessToken);
      return { sessionId, refreshToken: outcome.tokens.refreshToken };
    },
    eventsOf,
    beginResets: async () => {
      while (await beginAskedResets(dependencies));
    },
    linkOf: async (userId, type) => {
      const told = (await eventsOf(userId)).findLast(([each]) => each === `shop.user.${type}.v1`);
      const { requestId = '' } = (told?.[1] ?? {}) as { requestId?: string };
      const { recipient, link } = await findRecipient(dependencies, { userId, requestId });
      if (!recipient || !link) throw new Error(`There is no link of ${type}.`);
      return { requestId, email: recipient.email, token: link.token, expiresAt: link.expiresAt };
    },
    releaseTogether: async (userId, work) => {
      // The watcher is not in a transaction: there, the view would show the same sessions each time.
      const holder = new pg.Client({ connectionString: server.url });
      const watcher = new pg.Client({ connectionString: server.url });
      await Promise.all([holder.connect(), watcher.connect()]);
      try {
        await holder.query('BEGIN');
        await holder.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [userId]);
        const results = Promise.all(work.map((each) => each()));
        results.catch(() => {}); // it is awaited below, unless waiting fails first
        await eventually(async () => {
          const { rowCount } = await watcher.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          expect(rowCount).toBe(work.length);
        });
        await holder.query('COMMIT');
        return await results;
      } finally {
        await Promise.all([holder.end(), watcher.end()]);
      }
    },
    stop: async () => {
      await dependencies.throttle.close();
      await dependencies.database.close();
      await server.stop();
    },
  };
}
