import { getEventListeners } from 'node:events';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import {
  findMetricsPort,
  mapServices,
  nameVariables,
  type ServiceDefinition,
  serviceNames,
  services,
  tokenIssuer,
} from '@shop/contracts';
import { MIGRATION_LOCK } from '@shop/migrations';
import { eventually } from '@shop/testing';
import pg from 'pg';
import { isAlive, processStartedAt } from '../src/process/identity.ts';
import { startStack } from '../src/stack/start-stack.ts';
import type { Stack, StackOptions } from '../src/stack/types.ts';
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

const readEnvironment = async (stack: Stack, name: Parameters<Stack['service']>[0]) =>
  (await (await fetch(`${stack.service(name).url}/environment`)).json()) as Record<string, string>;

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
}

const queryEach = (stack: Stack, sql: string) =>
  Promise.all(serviceNames.map((name) => query(stack.databaseUrl(name), sql)));

/** Drops the database and the role of a service, as the superuser. */
async function dropDatabase(stack: Stack, name: (typeof serviceNames)[number]): Promise<void> {
  const { username: role, pathname } = new URL(stack.databaseUrl(name));
  const superuser = new URL(stack.databaseUrl(name));
  [superuser.username, superuser.password] = ['postgres', stack.secrets.databasePasswords.postgres];
  superuser.pathname = '/postgres';
  await query(superuser.href, `DROP DATABASE ${pathname.slice(1)} WITH (FORCE)`);
  await query(superuser.href, `DROP ROLE ${role}`);
}

/** Processes of the events file that still run. */
const findSurvivors = async () =>
  (await readEvents(events))
    .flatMap((line) => /started (\d+)/.exec(line)?.[1] ?? [])
    .map(Number)
    .filter(isAlive);

describe('startStack', () => {
  test('starts everything, reports one line for each part, and gives each process only what it needs', async () => {
    const stack = await start({ dataDir: 'first' });
    for (const name of ['postgres', 'nats', 'mailbox', 'gateway', ...serviceNames]) {
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${name} +ready on .* s$`)));
    }
    const applied = serviceNames.map((name) => `${name} 1`).join(', ');
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^migrations +applied: ${applied} +\\d+\\.\\d s$`)));
    expect(await readEvents(events)).toEqual(
      expect.arrayContaining(
        serviceNames
          .filter((name) => services[name].hasSeed)
          .map((name) => `${name}-seed ran demo ${name === tokenIssuer ? 'admin@example.com' : '-'}`),
      ),
    );

    const [gateway, user, order] = [
      await readEnvironment(stack, 'gateway'),
      await readEnvironment(stack, 'user'),
      await readEnvironment(stack, 'order'),
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
    const overSocket = order['ORDER_DATABASE_URL'] ?? '';
    expect(overSocket).toContain(`${stack.databaseUrl('order')}?host=`);
    const [reached] = await query(overSocket, `SELECT inet_client_addr() IS NULL AS "isSocket"`);
    expect(reached).toEqual({ isSocket: true });
    expect(order['NATS_URL']).toBe(stack.natsUrl('order'));
    for (const name of [
      'ACCESS_TOKEN_KEYS_FILE',
      'FORMER_ADDRESS_KEY',
      'USER_DATABASE_URL',
      'ADMIN_PASSWORD',
      'INTERNAL_TOKEN_KEY',
    ])
      expect(order[name]).toBeUndefined();
    expect(gateway['NATS_URL']).toBe(stack.natsUrl('gateway'));
    for (const name of ['USER_DATABASE_URL', 'ACCESS_TOKEN_KEYS_FILE']) expect(gateway[name]).toBeUndefined();
    (await connectRaw(stack.natsUrl('ops'))).close();
    const sender = serviceNames.find((name) => (services[name] as ServiceDefinition).sendsMail)!;
    expect((await readEnvironment(stack, sender))['SMTP_URL']).toBe(`smtp://127.0.0.1:${stack.ports.mailbox_smtp}`);
    expect([stack.mailbox?.smtpUrl, order['SMTP_URL'], gateway['SMTP_URL']]).toEqual([
      `smtp://127.0.0.1:${stack.ports.mailbox_smtp}`,
      undefined,
      undefined,
    ]);
  });

  test('starts no mailbox when there is a mail server', async () => {
    const stack = await start({ smtpUrl: 'smtp://mail.example' });
    expect(stack.mailbox).toBeNull();
    expect((await readEvents(events)).filter((line) => line.startsWith('mailbox'))).toEqual([]);
    const sender = serviceNames.find((name) => (services[name] as ServiceDefinition).sendsMail)!;
    expect((await readEnvironment(stack, sender))['SMTP_URL']).toBe('smtp://mail.example');
  });

  test('starts a mailbox again that has died, and listens on loopback only', async () => {
    const stack = await start({ host: '0.0.0.0' });
    expect(await (await fetch(`${stack.mailbox?.url}/environment`)).json()).toMatchObject({ HOST: '127.0.0.1' });
    stack.mailbox?.kill('SIGKILL');
    await eventually(() => expect(lines).toContain('mailbox is ready again'));
  });

  test('reports the generated passwords once, keeps them in private files, and names the files at later starts', async () => {
    await expect(start({ dataDir: 'secrets', env: { FIXTURE_BROKEN: 'product' } })).rejects.toThrow(); // reports nothing yet
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
    expect(lines).toContain(`administrator: admin@example.com, password in ${join(secretsDir, 'admin-password')}`);
    expect(lines).toContainEqual(expect.stringMatching(/^demo accounts: .*, password in .*\/secrets\/demo-password$/));
    expect(lines).toContainEqual(expect.stringMatching(/^migrations +up to date/));
  });

  test('gives a service that is new in the table its secrets, role and database in an existing data directory', async () => {
    const newcomer = serviceNames.at(-1) ?? tokenIssuer;
    const first = await start({ dataDir: 'upgraded' });
    const secretsDir = join(first.dataDir, 'secrets');
    await queryEach(first, 'CREATE TABLE kept AS SELECT 1 AS one');
    // Leave the files of an earlier release, which did not have the service.
    await dropDatabase(first, newcomer);
    await first.stop();
    for (const file of [`database-${newcomer}`, `nats-${newcomer}`]) await rm(join(secretsDir, file));

    lines = [];
    const second = await start({ dataDir: 'upgraded' });
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^migrations +applied: ${newcomer} 1 `)));
    for (const file of [`database-${newcomer}`, `nats-${newcomer}`])
      expect((await stat(join(secretsDir, file))).mode & 0o777).toBe(0o600);
    expect((await readEnvironment(second, newcomer))[nameVariables(newcomer).databaseUrl]).toContain(
      `${second.databaseUrl(newcomer)}?host=`,
    );
    (await connectRaw(second.natsUrl(newcomer))).close();
    for (const name of serviceNames) {
      expect(second.secrets.databasePasswords[name] === first.secrets.databasePasswords[name]).toBe(name !== newcomer);
      const tables = await query(second.databaseUrl(name), `SELECT to_regclass('kept') IS NOT NULL AS kept`);
      expect(tables).toEqual([{ kept: name !== newcomer }]);
    }
  });

  test('uses the given servers, and starts none', async () => {
    const own = await start({ dataDir: 'own' });
    const databaseUrls = mapServices((name) => own.databaseUrl(name));
    const borrower = await start({ dataDir: 'borrower', databaseUrls, natsUrl: own.natsUrl('ops'), seed: 'none' });
    expect([borrower.postgres, borrower.nats]).toEqual([null, null]);
    expect((await readEnvironment(borrower, 'order'))['ORDER_DATABASE_URL']).toBe(databaseUrls.order);
    expect(await readdir(borrower.dataDir)).not.toContain('postgres');
  });

  test('two stacks with other ports and data directories run side by side', async () => {
    const [first, second] = await Promise.all([start({ dataDir: 'left' }), start({ dataDir: 'right' })]);
    expect(new Set([...Object.values(first.ports), ...Object.values(second.ports)]).size).toBe(
      2 * (serviceNames.length + 6),
    );
  });

  test('shows warnings and errors of the services with their names', async () => {
    const stack = await start();
    await fetch(`${stack.service('product').url}/warn`);
    await eventually(() => expect(lines).toContain('[product] WARN something is odd: very'));
    expect(await readFile(join(stack.dataDir, 'logs', 'product.log'), 'utf8')).toContain('something is odd');
  });
});

describe('stopping', () => {
  test('stops the gateway, then the subgraphs, then the servers, and leaves no process running', async () => {
    const stack = await start();
    const pids = [stack.nats?.pid, stack.postgres?.pid].map(Number);
    await stack.stop();
    const order = (await readEvents(events)).filter((line) => /stopp/.test(line));
    expect(order.slice(0, 2)).toEqual(['gateway stopping', 'gateway stopped']);
    expect(order.slice(2, -2).sort()).toEqual(
      serviceNames.flatMap((name) => [`${name} stopped`, `${name} stopping`]).sort(),
    );
    expect(order.slice(-2)).toEqual(['mailbox stopping', 'mailbox stopped']);
    expect([...(await findSurvivors()), ...pids.filter(isAlive)]).toEqual([]);
  });

  test('an interrupted start stops everything that it started', async () => {
    const interruption = new AbortController();
    const starting = start({ env: { FIXTURE_UNREADY: 'order' }, signal: interruption.signal });
    const rejected = expect(starting).rejects.toThrow('The start was interrupted.');
    await eventually(async () =>
      expect(await readEvents(events)).toContainEqual(expect.stringMatching(/^order started/)),
    );
    interruption.abort();
    await rejected;
    expect(await findSurvivors()).toEqual([]);
    await start(); // the data directory is free again
  });

  test('an interruption at the beginning leaves no process running', async () => {
    const interruption = new AbortController();
    const starting = start({ signal: interruption.signal });
    const rejected = expect(starting).rejects.toThrow('The start was interrupted.');
    await eventually(async () =>
      expect(await readEvents(events)).toContainEqual(expect.stringMatching(/^gateway started/)),
    );
    interruption.abort(); // PostgreSQL is still starting
    await rejected;
    expect(await findSurvivors()).toEqual([]);
    await start();
  });
});

describe('an interruption before the subgraphs start', () => {
  test('prevents their start', async () => {
    const own = await start({ dataDir: 'own', env: { FIXTURE_EVENTS: '' } });
    const databaseUrls = mapServices((name) => own.databaseUrl(name));
    const other = new pg.Client({ connectionString: databaseUrls.user });
    await other.connect();
    await other.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]); // another process is migrating
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
    await start({ dataDir: 'left', env: { FIXTURE_EVENTS: '' } }); // takes longer than a late start would
    expect((await readEvents(events)).filter((line) => !/^(gateway|mailbox)/.test(line))).toEqual([]);
  });
});

describe('supervision', () => {
  test('a service that dies is started again, and the terminal shows it', async () => {
    const stack = await start();
    const before = stack.service('order').pid;
    stack.service('order').kill('SIGKILL');
    await eventually(() => expect(stack.service('order').pid).not.toBe(before));
    await stack.service('order').untilReady();
    expect(lines).toContain('order stopped unexpectedly (signal SIGKILL); starting it again in 0.1 s');
    await eventually(() => expect(lines).toContain('order is ready again'));
  });

  test.each(['nats', 'postgres'] as const)('%s is started again when it dies', async (name) => {
    const stack = await start();
    const before = stack[name]?.pid;
    stack[name]?.kill('SIGKILL');
    await eventually(() => expect(lines).toContain(`${name} is ready again`));
    expect(lines).toContain(`${name} stopped unexpectedly (signal SIGKILL); starting it again in 0.1 s`);
    expect(stack[name]?.pid).not.toBe(before);
  });

  test.each(['nats', 'postgres'] as const)('%s is started again when it dies during a restart', async (name) => {
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

  test('a further replica has the environment of the first, its own port and log, and is started again', async () => {
    const stack = await start();
    const replica = await stack.startReplica('order', { env: { LOG_LEVEL: 'debug' } });
    expect(stack.replicas('order')).toEqual([stack.service('order'), replica]);
    expect(lines).toContainEqual(expect.stringMatching(/^order-2 +ready on /));
    const second = (await (await fetch(`${replica.url}/environment`)).json()) as Record<string, string>;
    expect(second).toMatchObject({
      ...(await readEnvironment(stack, 'order')),
      LOG_LEVEL: 'debug',
      ORDER_PORT: new URL(replica.url).port,
      METRICS_PORT: second['METRICS_PORT'],
    });
    expect(findMetricsPort(Number(second['METRICS_PORT']), 'order')).toBe(
      Number(new URL(replica.metricsUrl ?? '').port),
    );
    expect(replica.metricsUrl).not.toBe(stack.service('order').metricsUrl);
    await fetch(`${replica.url}/warn`);
    await eventually(() => expect(lines).toContainEqual(expect.stringMatching(/^\[order-2\] WARN /)));
    expect(await readdir(join(stack.dataDir, 'logs'))).toContain('order-2.log');

    replica.kill('SIGKILL');
    await eventually(() => expect(lines).toContain('order-2 is ready again'));
    await stack.stop();
    expect(await findSurvivors()).toEqual([]);
  });

  test('a part that a test stops stays stopped until the test starts it', async () => {
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

describe('a rejected start', () => {
  test('names a port that is taken, and its variable', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(start({ ports: { gateway: port } })).rejects.toThrow(
      `Port ${port} is in use by another program. Stop that program, or set GATEWAY_PORT to a free port.`,
    );
    expect(await readEvents(events)).toEqual([]);
    const second = createServer();
    await new Promise<void>((resolve) => void second.listen(0, '127.0.0.1', resolve));
    const { port: further } = second.address() as { port: number };
    await expect(start({ ports: { gateway: port, nats: further } })).rejects.toThrow(
      `Ports ${port} and ${further} are in use, probably by another system of this project. Stop it, or set DATA_DIR to ` +
        'another directory, and GATEWAY_PORT and NATS_PORT to free ports.',
    );
    await expect(start({ ports: { mailbox_smtp: port } })).rejects.toThrow('set MAILBOX_SMTP_PORT to a free port.');
    for (const server of [other, second]) await new Promise((resolve) => server.close(resolve));
    await expect(start({ ports: { user: port, order: port } })).rejects.toThrow(
      `Port ${port} is given twice. Set USER_PORT to another port.`,
    );
  });

  test('names a broker that cannot be reached, without its password', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await new Promise((resolve) => other.close(resolve));
    await expect(start({ natsUrl: `nats://shop:secret@127.0.0.1:${port}` })).rejects.toThrow(
      `NATS at 127.0.0.1:${port} cannot be reached (ECONNREFUSED). Start it, correct NATS_URL, or unset it to use the embedded one.`,
    );
    expect(await readEvents(events)).toEqual([]);
  });

  test('names HOST for an address of another machine', async () => {
    await expect(start({ host: '192.0.2.1' })).rejects.toThrow(
      '(EADDRNOTAVAIL). Set HOST to an address of this machine.',
    );
  });

  test('a start that has ended listens to its signal no longer', async () => {
    const { signal } = new AbortController();
    await expect(start({ host: '192.0.2.1', signal })).rejects.toThrow('EADDRNOTAVAIL');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test.each([
    ['file/data', 'ENOTDIR'],
    ['/proc/data', 'ENOENT'],
  ])('names a data directory that cannot be written: %s', async (dataDir, code) => {
    await writeFile(join(directory.path, 'file'), '');
    await expect(start({ dataDir })).rejects.toThrow(
      `The data directory ${resolve(directory.path, dataDir)} cannot be written (${code}). Set DATA_DIR to a directory that you may write.`,
    );
  });

  test('the lock of a process that is gone, or whose pid another process has, does not prevent a start', async () => {
    const stack = await start({ dataDir: 'left' });
    await stack.stop();
    await writeFile(
      join(stack.dataDir, 'stack.lock'),
      JSON.stringify({ pid: 1, startedAt: 'another time', postgresPort: null }),
    );
    await start({ dataDir: 'left' });
  });

  test('names another stack on the same data directory', async () => {
    const stack = await start({ dataDir: 'left' });
    await stack.stop();
    const lock = { pid: process.ppid, startedAt: await processStartedAt(process.ppid), postgresPort: null };
    await writeFile(join(stack.dataDir, 'stack.lock'), JSON.stringify(lock));
    await expect(start({ dataDir: 'left' })).rejects.toThrow(
      `Another stack (process ${process.ppid}) runs on ${stack.dataDir}. Stop it, or set DATA_DIR to another directory.`,
    );
  });

  test('quotes a service that does not start, once, and leaves no process running', async () => {
    await expect(start({ env: { FIXTURE_BROKEN: 'product' } })).rejects.toThrow(
      /^product could not start: it is broken\. See .*product\.log\.$/,
    );
    expect(lines.filter((line) => /broken|unexpectedly/.test(line))).toEqual([]);
    expect(await findSurvivors()).toEqual([]);
  });

  test('quotes a seed that fails', async () => {
    await expect(start({ env: { FIXTURE_BROKEN: 'user-seed' } })).rejects.toThrow(
      'The user database could not be filled (exit code 1): user-seed could not start: it is broken',
    );
    expect(await findSurvivors()).toEqual([]);
  });
});
