import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { MIGRATION_LOCK } from '@shop/migrations';
import { isAlive, processStartedAt } from '../src/process/identity.ts';
import { startStack } from '../src/stack/start-stack.ts';
import type { Stack, StackOptions } from '../src/stack/types.ts';
import { eventually } from './eventually.ts';
import { makeProject, readEvents, temporaryDirectory } from './project.ts';
import { connectRaw } from './raw-nats-client.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let events: string;
let lines: string[];
const running: Stack[] = [];

beforeAll(async () => {
  directory = await temporaryDirectory();
  await chmod(directory.path, 0o755);
  await makeProject(directory.path);
});
beforeEach(() => {
  lines = [];
  events = join(directory.path, `events-${Math.random().toString(36).slice(2)}`);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((stack) => stack.stop()));
});
afterAll(() => directory.remove());

async function start({ env = {}, ...options }: Partial<StackOptions> = {}): Promise<Stack> {
  const report = (line: string): void => void lines.push(line);
  const stack = await startStack({
    root: directory.path,
    dataDir: 'data',
    env: { FIXTURE_EVENTS: events, ...env },
    report,
    ...options,
  });
  running.push(stack);
  return stack;
}

const environmentOf = async (stack: Stack, name: Parameters<Stack['service']>[0]) =>
  (await (await fetch(`${stack.service(name).url}/environment`)).json()) as Record<string, string>;

/** Processes that were started by anything in the events file and are still there. */
const survivors = async () =>
  (await readEvents(events))
    .flatMap((line) => /started (\d+)/.exec(line)?.[1] ?? [])
    .map(Number)
    .filter(isAlive);

describe('startStack', () => {
  test('starts everything, says so line by line, and gives each process what its role needs', async () => {
    const stack = await start({ dataDir: 'first' });
    for (const name of ['postgres', 'nats', 'gateway', 'user', 'product', 'order']) {
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${name} +ready on .* s$`)));
    }
    expect(lines).toContainEqual(expect.stringMatching(/^migrations +applied: user 1, product 1, order 1 +\d+\.\d s$/));
    expect(await readEvents(events)).toEqual(
      expect.arrayContaining(['user-seed ran demo admin@example.com', 'product-seed ran demo -']),
    );

    const [gateway, user, order] = [
      await environmentOf(stack, 'gateway'),
      await environmentOf(stack, 'user'),
      await environmentOf(stack, 'order'),
    ];
    expect(JSON.parse(gateway['INTERNAL_TOKEN_KEY'] ?? '')).toMatchObject({
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      d: expect.any(String),
    });
    expect(JSON.parse(order['INTERNAL_TOKEN_JWKS'] ?? '').keys).toEqual([
      expect.not.objectContaining({ d: expect.anything() }),
    ]);
    expect(user['ACCESS_TOKEN_KEYS_FILE']).toBe(stack.secrets.accessTokenKeysFile);
    expect(order['ORDER_DATABASE_URL']).toBe(stack.databaseUrl('order'));
    expect(order['NATS_URL']).toBe(stack.natsUrl('order'));
    for (const name of ['ACCESS_TOKEN_KEYS_FILE', 'USER_DATABASE_URL', 'ADMIN_PASSWORD', 'INTERNAL_TOKEN_KEY'])
      expect(order[name]).toBeUndefined();
    for (const name of ['USER_DATABASE_URL', 'NATS_URL', 'ACCESS_TOKEN_KEYS_FILE'])
      expect(gateway[name]).toBeUndefined();
    (await connectRaw(stack.natsUrl('ops'))).close();
  });

  test('tells the generated passwords once, and keeps them where only the user may look', async () => {
    await expect(start({ dataDir: 'secrets', env: { FIXTURE_BROKEN: 'product' } })).rejects.toThrow(); // tells nothing yet
    const first = await start({ dataDir: 'secrets' });
    expect(lines.filter((line) => line.includes(first.admin.password))).toEqual([
      expect.stringMatching(/^administrator: admin@example\.com, password .* \(kept in .*admin-password\)$/),
    ]);
    const secretsDir = join(first.dataDir, 'secrets');
    expect((await stat(secretsDir)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(secretsDir)) expect((await stat(join(secretsDir, name))).mode & 0o777).toBe(0o600);
    await first.stop();

    lines = [];
    const second = await start({ dataDir: 'secrets' });
    expect(second.secrets).toEqual(first.secrets);
    expect(second.admin).toEqual(first.admin);
    expect(lines.join('\n')).not.toContain(first.admin.password);
    expect(lines).toContainEqual(expect.stringMatching(/^migrations +up to date/));
  });

  test('uses the servers that it is given, and starts none', async () => {
    const own = await start({ dataDir: 'own' });
    const databaseUrls = {
      user: own.databaseUrl('user'),
      product: own.databaseUrl('product'),
      order: own.databaseUrl('order'),
    };
    const borrower = await start({ dataDir: 'borrower', databaseUrls, natsUrl: own.natsUrl('ops'), seed: 'none' });
    expect([borrower.postgres, borrower.nats]).toEqual([null, null]);
    expect((await environmentOf(borrower, 'order'))['ORDER_DATABASE_URL']).toBe(databaseUrls.order);
    expect(await readdir(borrower.dataDir)).not.toContain('postgres');
  });

  test('two with other ports and data directories run side by side', async () => {
    const [first, second] = await Promise.all([start({ dataDir: 'left' }), start({ dataDir: 'right' })]);
    expect(new Set([...Object.values(first.ports), ...Object.values(second.ports)]).size).toBe(12);
  });

  test('shows warnings and errors of the services with their name', async () => {
    const stack = await start();
    await fetch(`${stack.service('product').url}/warn`);
    await eventually(() => expect(lines).toContain('[product] WARN something is odd: very'));
    expect(await readFile(join(stack.dataDir, 'logs', 'product.log'), 'utf8')).toContain('something is odd');
  });
});

describe('stopping', () => {
  test('stops the gateway, then the subgraphs, then the servers, and leaves no process', async () => {
    const stack = await start();
    const pids = [stack.nats?.pid, stack.postgres?.pid].map(Number);
    await stack.stop();
    const order = (await readEvents(events)).filter((line) => /stopp/.test(line));
    expect(order.slice(0, 2)).toEqual(['gateway stopping', 'gateway stopped']);
    expect(order.slice(2).sort()).toEqual([
      'order stopped',
      'order stopping',
      'product stopped',
      'product stopping',
      'user stopped',
      'user stopping',
    ]);
    expect([...(await survivors()), ...pids.filter(isAlive)]).toEqual([]);
  });

  test('a start that is interrupted stops what was started', async () => {
    const interruption = new AbortController();
    const starting = start({ env: { FIXTURE_UNREADY: 'order' }, signal: interruption.signal });
    const rejected = expect(starting).rejects.toThrow('The start was interrupted.');
    await eventually(
      async () => expect(await readEvents(events)).toContainEqual(expect.stringMatching(/^order started/)),
      30_000,
    );
    interruption.abort();
    await rejected;
    expect(await survivors()).toEqual([]);
    await start(); // the data directory and its servers are free again
  });

  test('an interruption right at the start leaves nothing either', async () => {
    const interruption = new AbortController();
    const starting = start({ signal: interruption.signal });
    const rejected = expect(starting).rejects.toThrow('The start was interrupted.');
    await eventually(async () =>
      expect(await readEvents(events)).toContainEqual(expect.stringMatching(/^gateway started/)),
    );
    interruption.abort(); // PostgreSQL is still being started
    await rejected;
    expect(await survivors()).toEqual([]);
    await start();
  });
});

describe('an interruption before the subgraphs are started', () => {
  test('is not followed by their start', async () => {
    const own = await start({ dataDir: 'own', env: { FIXTURE_EVENTS: '' } });
    const databaseUrls = {
      user: own.databaseUrl('user'),
      product: own.databaseUrl('product'),
      order: own.databaseUrl('order'),
    };
    const other = new pg.Client({ connectionString: databaseUrls.user });
    await other.connect();
    await other.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]); // somebody else is migrating
    const interruption = new AbortController();
    const starting = start({ databaseUrls, natsUrl: own.natsUrl('ops'), signal: interruption.signal });
    const rejected = expect(starting).rejects.toThrow('The start was interrupted.');
    await eventually(async () =>
      expect(await readEvents(events)).toContainEqual(expect.stringMatching(/^gateway started/)),
    );
    interruption.abort();
    await rejected;
    lines = [];
    await other.end();
    await eventually(() => expect(lines).toContainEqual(expect.stringMatching(/^migrations/)));
    await start({ dataDir: 'other', env: { FIXTURE_EVENTS: '' } }); // takes longer than what could still come
    expect((await readEvents(events)).filter((line) => !line.startsWith('gateway'))).toEqual([]);
  });
});

describe('supervision', () => {
  test('a service that dies is started again, and the log says so', async () => {
    const stack = await start();
    const before = stack.service('order').pid;
    stack.service('order').kill('SIGKILL');
    await eventually(() => expect(stack.service('order').pid).not.toBe(before));
    await stack.service('order').untilReady();
    expect(lines).toContain('order stopped unexpectedly (signal SIGKILL); starting it again in 0.5 s');
    await eventually(() => expect(lines).toContain('order is ready again'));
  });

  test.each(['nats', 'postgres'] as const)('so is %s', async (name) => {
    const stack = await start();
    const before = stack[name]?.pid;
    stack[name]?.kill('SIGKILL');
    await eventually(() => expect(lines).toContain(`${name} is ready again`));
    expect(lines).toContain(`${name} stopped unexpectedly (signal SIGKILL); starting it again in 0.5 s`);
    expect(stack[name]?.pid).not.toBe(before);
  });

  test.each(['nats', 'postgres'] as const)('so is %s when it dies while it is being started again', async (name) => {
    const stack = await start({ restarts: { firstPauseMs: 50, longestPauseMs: 200 } });
    const server = stack[name];
    const pids = [server?.pid];
    for (let death = 0; death < 2; death += 1) {
      server?.kill('SIGKILL');
      await eventually(() => {
        expect(server?.pid).toEqual(expect.any(Number));
        expect(pids).not.toContain(server?.pid);
      });
      pids.push(server?.pid);
    }
    await eventually(() => expect(lines).toContain(`${name} is ready again`));
  });

  test('what a test stops stays stopped until it starts it', async () => {
    const stack = await start();
    await stack.service('product').stop();
    await stack.nats?.stop();
    await expect(fetch(stack.service('product').url)).rejects.toThrow();
    expect([stack.service('product').pid, stack.nats?.pid]).toEqual([null, null]);
    await stack.nats?.start();
    await stack.service('product').start();
    await stack.service('product').untilReady();
    expect(lines.join('\n')).not.toContain('unexpectedly');
  });
});

describe('what is in the way', () => {
  test('a port that is taken: which one, and which variable sets it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(start({ ports: { gateway: port } })).rejects.toThrow(
      `Port ${port} is in use by another program: stop that program, or set GATEWAY_PORT to a free port.`,
    );
    await new Promise((resolve) => other.close(resolve));
    expect(await readEvents(events)).toEqual([]);
    await expect(start({ ports: { user: port, order: port } })).rejects.toThrow(
      `Port ${port} is given twice: set USER_PORT to another one.`,
    );
  });

  test('a broker of yours that is not there, without its password', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await new Promise((resolve) => other.close(resolve));
    await expect(start({ natsUrl: `nats://shop:secret@127.0.0.1:${port}` })).rejects.toThrow(
      `NATS at 127.0.0.1:${port} cannot be reached (ECONNREFUSED): start it, correct NATS_URL, or unset it to use the embedded one.`,
    );
    expect(await readEvents(events)).toEqual([]);
  });

  test('an address that is none of this machine: HOST', async () => {
    await expect(start({ host: '192.0.2.1' })).rejects.toThrow(
      '(EADDRNOTAVAIL): set HOST to an address of this machine.',
    );
  });

  test.each([
    ['file/data', 'ENOTDIR'],
    ['/proc/data', 'ENOENT'],
  ])('a data directory that cannot be written: %s', async (dataDir, code) => {
    await writeFile(join(directory.path, 'file'), '');
    await expect(start({ dataDir })).rejects.toThrow(
      `The data directory ${resolve(directory.path, dataDir)} cannot be written (${code}): set DATA_DIR to one that you may write.`,
    );
  });

  test('a lock of a process that is gone, or of another one with the same pid, is not in the way', async () => {
    const stack = await start({ dataDir: 'stale' });
    await stack.stop();
    await writeFile(
      join(stack.dataDir, 'stack.lock'),
      JSON.stringify({ pid: 1, startedAt: 'another time', postgresPort: null }),
    );
    await start({ dataDir: 'stale' });
  });

  test('another stack on the same data directory', async () => {
    const stack = await start({ dataDir: 'taken' });
    await stack.stop();
    const lock = { pid: process.ppid, startedAt: await processStartedAt(process.ppid), postgresPort: null };
    await writeFile(join(stack.dataDir, 'stack.lock'), JSON.stringify(lock));
    await expect(start({ dataDir: 'taken' })).rejects.toThrow(
      `Another stack (process ${process.ppid}) runs on ${stack.dataDir}: stop it, or set DATA_DIR to another directory.`,
    );
  });

  test('a service that does not start: its own words, and nothing is left running', async () => {
    await expect(start({ env: { FIXTURE_BROKEN: 'product' } })).rejects.toThrow(
      /product did not start: see .*product\.log/,
    );
    expect(lines).toContain('[product] product could not start: it is broken');
    expect(await survivors()).toEqual([]);
  });

  test('a database that cannot be filled', async () => {
    await expect(start({ env: { FIXTURE_BROKEN: 'user-seed' } })).rejects.toThrow(
      'The user database could not be filled (exit code 1): user-seed could not start: it is broken',
    );
    expect(await survivors()).toEqual([]);
  });
});
