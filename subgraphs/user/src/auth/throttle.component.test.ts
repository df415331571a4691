import { jest } from '@jest/globals';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { uuidv7 } from '@shop/subgraph';
import pg from 'pg';
import { openThrottle, type Attempt, type SignInAttempt, type Throttle } from './throttle.ts';
import type { ThrottleLimits } from './throttle-limits.ts';

let server: TestDatabase;
const opened: Throttle[] = [];
const limits: ThrottleLimits = {
  accountFromAddress: { points: 3, seconds: 60 },
  accountFromStrangers: { points: 10, seconds: 60 },
  address: { points: 20, seconds: 60 },
  registration: { points: 2, seconds: 60 },
  passwordCheck: { points: 2, seconds: 60 },
  emailTaken: { points: 2, seconds: 60 },
  emailChange: { points: 2, seconds: 60 },
  linksFromAddress: { points: 6, seconds: 60 },
  linksToEmail: { points: 2, seconds: 60 },
};
const open = (changed: Partial<ThrottleLimits> = {}) => {
  const throttle = openThrottle(server.url, { ...limits, ...changed });
  opened.push(throttle);
  return throttle;
};
const limit = (points: number) => ({ points, seconds: 60 });
const email = () => `${uuidv7()}@example.com`;
let addresses = 0;
const address = () => `203.0.${Math.floor((addresses += 1) / 250)}.${addresses % 250}`;
/** The attempts that are allowed to everybody. */
const allowed = (attempts: readonly (Attempt | SignInAttempt)[]) =>
  attempts.filter((attempt) => attempt.isAllowed && !('limited' in attempt && attempt.limited)).length;
/** Returns true when the right password signs in. */
const letsOwnerIn = (attempt: SignInAttempt) => attempt.isAllowed && attempt.limited?.isKnown !== false;
const many = <Each extends Attempt>(count: number, attempt: (index: number) => Promise<Each>) =>
  Promise.all(Array.from({ length: count }, (_, index) => attempt(index)));
async function succeed(attempt: Attempt) {
  if (!attempt.isAllowed) throw new Error('refused');
  await attempt.succeeded();
}

/** Reads or changes the stored counters directly. */
async function query(text: string): Promise<{ key: string }[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query<{ key: string }>(text)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  server = await startTestDatabase('user');
});
afterAll(async () => {
  await Promise.all(opened.map((throttle) => throttle.close()));
  await server?.stop();
});

describe('the throttle', () => {
  test('counts 100 concurrent attempts on two replicas as 100', async () => {
    const [one, other] = [open(), open()];
    const [account, ip] = [email(), address()];
    const attempts = await many(100, (index) => (index % 2 ? one : other).signIn(account, ip));
    expect(allowed(attempts)).toBe(3);
    const refused = attempts.find(({ isAllowed }) => !isAllowed) as Extract<Attempt, { isAllowed: false }>;
    expect(refused.retryAt.getTime() - Date.now()).toBeGreaterThan(50_000);
    expect(refused.retryAt.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
  });

  test('counts spellings of one e-mail together, and addresses of one IPv6 network together', async () => {
    const throttle = open();
    const account = email();
    const attempts = await many(8, (index) =>
      throttle.signIn(index % 2 ? account : account.toUpperCase(), `2001:db8:7:1::${index + 1}`),
    );
    expect(allowed(attempts)).toBe(3);
    expect((await throttle.signIn(account, '2001:db8:7:2::1')).isAllowed).toBe(true);
  });

  test('blocks one address that tries many accounts', async () => {
    const throttle = open();
    const ip = address();
    expect(allowed(await many(30, () => throttle.signIn(email(), ip)))).toBe(20);
    expect((await throttle.signIn(email(), address())).isAllowed).toBe(true);
  });

  test('blocks many addresses that try one account, and lets the owner in from a known address', async () => {
    const throttle = open();
    const [account, home] = [email(), address()];
    await succeed(await throttle.signIn(account, home));
    const strangers = await many(100, () => throttle.signIn(account, address()));
    expect(allowed(strangers)).toBe(10);
    expect(letsOwnerIn(await throttle.signIn(account, address()))).toBe(false);
    const own = await throttle.signIn(account, home);
    expect(letsOwnerIn(own)).toBe(true);
    await succeed(own);
  });

  test('does not count rejected attempts on one account against a shared address', async () => {
    const throttle = open();
    const shared = address();
    const [target, other] = [email(), email()];
    for (let index = 0; index < 40; index += 1) await throttle.signIn(target, shared);
    expect((await throttle.signIn(target, shared)).isAllowed).toBe(false);
    expect((await throttle.signIn(other, shared)).isAllowed).toBe(true);
  });

  test('lets the owner in when a neighbour has used up the limit of the address', async () => {
    const throttle = open();
    const [account, shared] = [email(), address()];
    await throttle.remember(account, shared);
    await many(30, () => throttle.signIn(email(), shared));
    expect(letsOwnerIn(await throttle.signIn(email(), shared))).toBe(false);
    expect(letsOwnerIn(await throttle.signIn(account, shared))).toBe(true);
  });

  test('counts links by address, by e-mail and by account, for each kind, and an e-mail that is refused not by address', async () => {
    const throttle = open();
    const [target, userId, ip] = [email(), uuidv7(), address()];
    const send = (to: { email: string; userId?: string }, kind: 'reset' | 'verification' = 'reset', from = ip) =>
      throttle.sendLink(kind, to, from);
    const oneByOne: Attempt[] = [];
    for (let index = 0; index < 20; index += 1)
      oneByOne.push(await send({ email: index % 2 ? target : target.toUpperCase() }));
    expect(allowed(oneByOne)).toBe(2);
    // Elsewhere and for another kind: the e-mail is refused there too, and other links are allowed.
    expect((await send({ email: target }, 'reset', address())).isAllowed).toBe(false);
    expect(allowed(await many(4, () => send({ email: email(), userId }, 'verification')))).toBe(2);
    expect(allowed(await many(4, () => send({ email: email() })))).toBe(2);
    expect((await send({ email: email() })).isAllowed).toBe(false);
    expect((await send({ email: email() }, 'reset', address())).isAllowed).toBe(true);
  });

  test('refuses everybody beyond four times the limit of an address, before anything is hashed', async () => {
    const throttle = open();
    const [account, shared] = [email(), address()];
    await throttle.remember(account, shared);
    const attempts = await many(90, () => throttle.signIn(email(), shared));
    expect([allowed(attempts), attempts.filter(({ isAllowed }) => isAllowed).length]).toEqual([20, 80]);
    expect((await throttle.signIn(account, shared)).isAllowed).toBe(false);
  });

  test('ends after its window, which rejected attempts do not extend', async () => {
    const wide = { points: 100_000, seconds: 60 };
    const throttle = open({ accountFromAddress: { points: 1, seconds: 1 }, accountFromStrangers: wide, address: wide });
    const [account, ip] = [email(), address()];
    expect((await throttle.signIn(account, ip)).isAllowed).toBe(true);
    const startedAt = Date.now();
    let tries = 0;
    while (!(await throttle.signIn(account, ip)).isAllowed) {
      tries += 1;
      if (Date.now() - startedAt > 10_000) throw new Error('still locked after 10 s');
    }
    expect(tries).toBeGreaterThan(3);
  });

  test('follows the clock of the database, whatever the clock of a replica says', async () => {
    const throttle = open();
    const [account, ip] = [email(), address()];
    expect(allowed(await many(4, () => throttle.signIn(account, ip)))).toBe(3);
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    try {
      expect((await throttle.signIn(account, ip)).isAllowed).toBe(false);
    } finally {
      now.mockRestore();
    }
  });

  test('an attempt that is taken back after its window is no credit in the next one', async () => {
    const throttle = open({ passwordCheck: { points: 2, seconds: 60 }, address: { points: 1, seconds: 60 } });
    const [own, ip] = [email(), address()];
    const attempt = await throttle.signIn(own, ip);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`UPDATE throttles SET expire = expire - 3600000 WHERE key LIKE 'address:%'`);
    await succeed(attempt);
    await client.end();
    expect(allowed(await many(5, () => throttle.signIn(email(), ip)))).toBe(1);
  });

  test('a success takes back only its own attempt', async () => {
    const throttle = open({ address: { points: 10, seconds: 60 } });
    const [own, ip] = [email(), address()];
    for (let round = 0; round < 2; round += 1) {
      await throttle.signIn(own, ip);
      await succeed(await throttle.signIn(own, ip));
    }
    // Two wrong passwords count for the account and for the address, two right ones do not.
    expect(allowed(await many(3, () => throttle.signIn(own, ip)))).toBe(1);
    expect(allowed(await many(20, () => throttle.signIn(email(), ip)))).toBe(7);
  });

  test('concurrent sign-ins to one account from one address do not lock each other out, and leave no counts', async () => {
    const each = (points: number) => ({
      accountFromAddress: limit(points),
      accountFromStrangers: limit(points),
      address: limit(points),
    });
    const replicas = [open(each(1_000)), open(each(1_000))];
    const [own, ip] = [email(), address()];
    // Each one counts while others take their attempts back.
    const signInOften = async (replica: Throttle) => {
      for (let round = 0; round < 50; round += 1) await succeed(await replica.signIn(own, ip));
    };
    await Promise.all(replicas.flatMap((replica) => Array.from({ length: 8 }, () => signInOften(replica))));
    // One more attempt than the limit allows would be refused, so every count must have been taken back.
    expect(await open(each(1)).signIn(own, ip)).toMatchObject({ isAllowed: true, limited: null });
  });

  test('an attempt that succeeds after its window gives no credit for the next window', async () => {
    const throttle = open({ accountFromStrangers: { points: 4, seconds: 60 }, address: { points: 5, seconds: 60 } });
    const [account, ip] = [email(), address()];
    const attempt = await throttle.signIn(account, ip);
    await query('UPDATE throttles SET expire = 1'); // every window ends
    await succeed(attempt);
    expect(allowed(await many(20, () => throttle.signIn(email(), ip)))).toBe(5);
    expect(allowed(await many(20, () => throttle.signIn(account, address())))).toBe(4);
    // Nor does an attempt whose row was deleted after its window.
    const other = await throttle.signIn(email(), address());
    await query('DELETE FROM throttles');
    await succeed(other);
    expect(await query('SELECT key FROM throttles WHERE points < 0')).toEqual([]);
  });

  test('answers the same for an account that knows the address and for one that does not exist, in every order', async () => {
    const throttle = open({ accountFromAddress: limit(4), accountFromStrangers: limit(6), address: limit(9) });
    const describe = (attempt: SignInAttempt) => (attempt.isAllowed ? (attempt.limited ? 'late' : 'wrong') : 'refused');
    /** The answers to wrong passwords: some at the account's own address before others at another one, or after them. */
    async function collect(account: string, home: string, order: readonly ('home' | 'other' | 'noise')[]) {
      const elsewhere = address();
      const answers: string[] = [];
      for (const from of order) {
        if (from === 'noise') await throttle.signIn(email(), home);
        else answers.push(describe(await throttle.signIn(account, from === 'home' ? home : elsewhere)));
      }
      return answers;
    }
    const repeat = (from: 'home' | 'other' | 'noise', count: number) => Array.from({ length: count }, () => from);
    for (const order of [
      [...repeat('home', 12), ...repeat('other', 6)],
      [...repeat('other', 6), ...repeat('home', 6)],
      [...repeat('noise', 12), ...repeat('home', 6)],
      [...repeat('noise', 40), ...repeat('home', 2)],
      [...repeat('home', 3), ...repeat('other', 4), ...repeat('noise', 7), ...repeat('home', 3)],
    ]) {
      const [known, home, otherHome] = [email(), address(), address()];
      await succeed(await throttle.signIn(known, home));
      expect(await collect(known, home, order)).toEqual(await collect(email(), otherHome, order));
    }
  });

  test('stops telling an address which e-mails are taken, also for registrations and changes of the e-mail', async () => {
    const throttle = open({ registration: { points: 100, seconds: 60 } });
    const [ip, user] = [address(), uuidv7()];
    expect((await throttle.register(ip)).isAllowed).toBe(true);
    expect(allowed(await many(5, () => throttle.revealEmail(ip)))).toBe(2);
    expect((await throttle.register(ip)).isAllowed).toBe(false);
    expect((await throttle.changeEmail(user, ip)).isAllowed).toBe(false);
    expect((await throttle.register(address())).isAllowed).toBe(true);
    expect(allowed(await many(5, () => throttle.changeEmail(user, address())))).toBe(2);
  });

  test('limits registrations by address and password checks by user', async () => {
    const throttle = open();
    const [ip, user] = [address(), uuidv7()];
    expect(allowed(await many(5, () => throttle.register(ip)))).toBe(2);
    expect((await throttle.register(address())).isAllowed).toBe(true);
    await succeed(await throttle.checkPassword(user));
    expect(allowed(await many(5, () => throttle.checkPassword(user)))).toBe(2);
    expect((await throttle.checkPassword(uuidv7())).isAllowed).toBe(true);
  });

  test('stores neither e-mails nor addresses in plain text', async () => {
    const throttle = open();
    await succeed(await throttle.signIn('someone@example.com', '198.51.100.7'));
    const rows = await query('SELECT key FROM throttles');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ key }) => /someone|198\.51/.test(key))).toEqual([]);
  });
});
