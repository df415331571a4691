import { uuidv7 } from '@shop/subgraph';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { client, password, startAccounts, type Accounts, type Opened } from '../../test/accounts.ts';
import { createPasswordHasher, type PasswordHasher } from '../auth/password-hasher.ts';
import { changePassword } from './change-password.ts';
import { deleteAccount } from './delete-account.ts';
import type { Dependencies } from './dependencies.ts';
import { login } from './login.ts';
import { openAccount } from './open-account.ts';
import { register } from './register.ts';

let accounts: Accounts;
let dependencies: Dependencies;
const accountOf = (rest: object = {}) => ({ email: `${uuidv7()}@example.com`, password, name: 'Ada', ...rest });

beforeAll(async () => {
  accounts = await startAccounts();
  dependencies = accounts.dependencies;
});
afterAll(() => accounts?.stop());

describe('opening an account', () => {
  test('signs in with a token that the public keys verify', async () => {
    const outcome = await register(dependencies, accountOf(), client);
    if (outcome.kind !== 'opened') throw new Error(outcome.kind);
    const keys = createLocalJWKSet(dependencies.accessTokens.jwks);
    const { payload, protectedHeader } = await jwtVerify(outcome.extra.accessToken, keys, {
      issuer: 'issuer',
      audience: 'audience',
      typ: 'at+jwt',
    });
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', kid: 'test' });
    expect(payload).toMatchObject({ sub: outcome.user.id, scope: '' });
    expect(payload.exp! - payload.iat!).toBe(900);
    const session = await dependencies.database.client.session.findUniqueOrThrow({
      where: { id: payload['sid'] as string },
    });
    expect(session).toMatchObject({ userId: outcome.user.id, ipAddress: '127.0.0.1', userAgent: 'jest' });
    expect(Buffer.from(session.refreshTokenHash).toString()).not.toContain(outcome.extra.refreshToken);
  });

  test('publishes no private keys', () => {
    expect(dependencies.accessTokens.jwks.keys).toEqual([expect.not.objectContaining({ d: expect.anything() })]);
  });

  test('accepts an e-mail once, without regard to case, even concurrently', async () => {
    const account = accountOf();
    const spellings = [account.email, account.email.toUpperCase(), account.email];
    const outcomes = await Promise.all(spellings.map((email) => register(dependencies, { ...account, email }, client)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['email-taken', 'email-taken', 'opened']);
  });

  test('publishes the account without personal data', async () => {
    const account = accountOf();
    const outcome = await register(dependencies, account, client);
    if (outcome.kind !== 'opened') throw new Error(outcome.kind);
    const [event] = await dependencies.database.client.outbox.findMany({ where: { aggregateId: outcome.user.id } });
    expect(event).toMatchObject({
      type: 'shop.user.created.v1',
      payload: { data: { userId: outcome.user.id, role: 'CUSTOMER' } },
    });
    expect(JSON.stringify(event?.payload)).not.toContain(account.email);
  });

  test.each([
    ['email', { email: 'nobody' }],
    ['password', { password: 'short' }],
    ['password', { password: 'x'.repeat(257) }],
    ['password', { password: 'Password1234' }],
    ['name', { name: '   ' }],
    ['name', { name: 'a\0b' }],
    ['phone', { phone: '1'.repeat(51) }],
  ])('rejects an invalid %s', async (path, wrong) => {
    expect(await register(dependencies, accountOf(wrong), client)).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path }],
    });
  });
});

describe('signing in under a strict throttle', () => {
  const strict = { points: 2, seconds: 60 };
  const elsewhere = (n: number) => ({ ip: `203.0.113.${n}`, userAgent: 'jest' });
  let throttled: Dependencies;
  beforeAll(() => {
    throttled = {
      ...dependencies,
      throttle: accounts.openThrottle({ accountFromAddress: strict, accountFromStrangers: strict }),
    };
  });
  afterAll(() => throttled.throttle.close());
  const signIn = async (email: string, given: string, from = client) =>
    (await login(throttled, { email, password: given }, from)).kind;

  test('does not count correct passwords', async () => {
    const { email } = await accounts.open();
    expect(await signIn(email, 'wrong')).toBe('invalid-credentials');
    for (let round = 0; round < 3; round += 1) expect(await signIn(email, password)).toBe('signed-in');
  });

  test('answers the same about an account that knows the address and about none, and lets its owner in', async () => {
    const wide = { points: 100, seconds: 60 };
    const throttle = accounts.openThrottle({ address: { points: 3, seconds: 60 }, accountFromAddress: wide });
    const home = elsewhere(200);
    const account = accountOf();
    await register({ ...dependencies, throttle }, account, home);
    const ask = async (email: string, given: string) =>
      (await login({ ...dependencies, throttle }, { email, password: given }, home)).kind;
    const kinds = { known: [] as string[], unknown: [] as string[] };
    for (let n = 0; n < 5; n += 1) {
      kinds.known.push(await ask(account.email, 'wrong'));
      kinds.unknown.push(await ask(accountOf().email, 'wrong'));
    }
    expect(kinds.known.slice(2)).toEqual(Array(3).fill('too-many-attempts'));
    expect(kinds.unknown.slice(2)).toEqual(Array(3).fill('too-many-attempts'));
    expect(await ask(` ${account.email} `, password)).toBe('signed-in');
    await throttle.close();
  });

  test('works from the address of the registration while strangers try passwords', async () => {
    const account = accountOf();
    expect(await register(throttled, account, client)).toMatchObject({ kind: 'opened' });
    let tooMany = 0;
    for (let n = 1; n <= 4; n += 1)
      if ((await signIn(account.email, 'wrong', elsewhere(n))) === 'too-many-attempts') tooMany += 1;
    expect(tooMany).toBe(2);
    expect(await signIn(account.email, password, elsewhere(9))).toBe('too-many-attempts');
    expect(await signIn(account.email, password)).toBe('signed-in');
  });
});

describe('signing in', () => {
  test('gives the scopes of the role', async () => {
    const account = accountOf();
    await openAccount(dependencies, account, { role: 'STAFF', emailVerified: true }, async () => {});
    const outcome = await login(dependencies, { email: account.email.toUpperCase(), password }, client);
    if (outcome.kind !== 'signed-in') throw new Error(outcome.kind);
    const { payload } = await jwtVerify(outcome.tokens.accessToken, createLocalJWKSet(dependencies.accessTokens.jwks));
    expect(payload['scope']).toBe(
      'product:write inventory:read inventory:write order:read order:write user:read task:read notification:read',
    );
  });

  test('rejects an unknown e-mail, a wrong password and an inactive account in the same way', async () => {
    const account = accountOf();
    const inactive = accountOf();
    await openAccount(dependencies, account, { role: 'CUSTOMER', emailVerified: true }, async () => {});
    await openAccount(dependencies, inactive, { role: 'CUSTOMER', emailVerified: true }, async () => {});
    await dependencies.database.client.user.update({ where: { emailKey: inactive.email }, data: { active: false } });
    const attempts = [
      { email: account.email, password: `${password}!` },
      { email: `${uuidv7()}@example.com`, password },
      { email: inactive.email, password },
      { email: 'a\0b', password },
      { email: 'x'.repeat(10_000), password },
    ];
    for (const attempt of attempts) {
      expect(await login(dependencies, attempt, client)).toEqual({ kind: 'invalid-credentials' });
    }
  });

  /** Dependencies with which something happens after a password was verified, and before the answer. */
  const whileHashing = (happens: () => Promise<unknown>): Dependencies => {
    const { hasher } = dependencies;
    const verify: PasswordHasher['verify'] = async (hash, given) => {
      const matches = await hasher.verify(hash, given);
      await happens();
      return matches;
    };
    return { ...dependencies, hasher: { ...hasher, verify } };
  };

  test('opens no session when the password is changed, or the account deactivated or deleted, during the hashing', async () => {
    const { client: prisma } = dependencies.database;
    const happenings: ((viewer: Opened) => Promise<unknown>)[] = [
      (viewer) => changePassword(dependencies, { currentPassword: password, newPassword: `${password}!` }, viewer),
      ({ userId }) => prisma.user.update({ where: { id: userId }, data: { active: false } }),
      (viewer) => deleteAccount(dependencies, { password }, viewer),
    ];
    for (const happens of happenings) {
      const viewer = await accounts.open();
      const during = whileHashing(() => happens(viewer));
      expect(await login(during, { email: viewer.email, password }, client)).toEqual({ kind: 'invalid-credentials' });
      const sessions = await prisma.session.findMany({ where: { userId: viewer.userId } });
      expect(sessions.map(({ id }) => id).filter((id) => id !== viewer.sessionId)).toEqual([]);
    }
  });

  test('gives the scopes of a role that changes during the hashing', async () => {
    const { email, userId } = await accounts.open();
    const during = whileHashing(() =>
      dependencies.database.client.user.update({ where: { id: userId }, data: { role: 'STAFF' } }),
    );
    const outcome = await login(during, { email, password }, client);
    if (outcome.kind !== 'signed-in') throw new Error(outcome.kind);
    expect((await accounts.claimsOf(outcome.tokens.accessToken)).scope).toContain('order:read');
  });

  test('hashes again when the parameters have changed', async () => {
    const account = accountOf();
    await openAccount(dependencies, account, { role: 'CUSTOMER', emailVerified: true }, async () => {});
    const where = { emailKey: account.email };
    const { default: argon2 } = await import('argon2');
    const weak = await argon2.hash(password, { type: argon2.argon2id, memoryCost: 8_192, timeCost: 2, parallelism: 1 });
    await dependencies.database.client.user.update({ where, data: { passwordHash: weak } });
    expect(await login(dependencies, { email: account.email, password }, client)).toMatchObject({ kind: 'signed-in' });
    const { passwordHash } = await dependencies.database.client.user.findUniqueOrThrow({ where });
    expect(dependencies.hasher.needsRehash(passwordHash)).toBe(false);
  });

  test('returns too-many-attempts when the queue of hashes is full, and continues', async () => {
    const account = accountOf();
    const busy = { ...dependencies, hasher: await createPasswordHasher({ concurrency: 1, queue: 1 }) };
    await openAccount(busy, account, { role: 'CUSTOMER', emailVerified: true }, async () => {});
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => login(busy, account, client)));
    const kinds = new Set(outcomes.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['signed-in', 'too-many-attempts']));
    expect(await login(busy, account, client)).toMatchObject({ kind: 'signed-in' });
  });
});
