import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@shop/testing';
import esbuild from 'esbuild';
import { isAlive } from '../src/process/identity.ts';
import { nameVariables, serviceNames } from '@shop/contracts';
import { freePort } from '../src/process/ports.ts';
import { makeProject, readEvents, temporaryDirectory } from './project.ts';

/** The supervisor as `npm start` runs it, in a process that can be killed. It is inside the checkout, so that it finds its packages. */
const bundle = join(process.cwd(), '.cache', `test-supervisor-${process.pid}`, 'start.js');

/** The subgraph that some tests delay. */
const last = serviceNames.at(-1) ?? '';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let events: string;
let supervisor: Supervisor | undefined;

interface Supervisor {
  readonly child: ChildProcess;
  readonly exited: Promise<number | NodeJS.Signals | null>;
  output(): string;
}

beforeAll(async () => {
  directory = await temporaryDirectory();
  await chmod(directory.path, 0o755);
  await makeProject(directory.path);
  await mkdir(join(bundle, '..'), { recursive: true });
  await esbuild.build({
    entryPoints: ['packages/stack/src/main.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    plugins: [
      {
        name: 'packages',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
            kind === 'entry-point' || path.startsWith('@shop/') ? undefined : { path, external: true },
          ),
      },
    ],
  });
});
beforeEach(() => {
  events = join(directory.path, `events-${Math.random().toString(36).slice(2)}`);
});
afterEach(async () => {
  supervisor?.child.kill('SIGKILL');
  await supervisor?.exited;
  supervisor = undefined;
  await eventually(async () => expect(await leftovers()).toEqual([]));
});
afterAll(async () => {
  await rm(join(bundle, '..'), { recursive: true, force: true });
  await directory.remove();
});

async function start(env: NodeJS.ProcessEnv = {}): Promise<Supervisor> {
  const variables = [
    'GATEWAY_PORT',
    'POSTGRES_PORT',
    'NATS_PORT',
    'MAILBOX_PORT',
    'MAILBOX_SMTP_PORT',
    ...serviceNames.map((name) => nameVariables(name).port),
  ];
  const ports = Object.fromEntries(await Promise.all(variables.map(async (name) => [name, String(await freePort())])));
  const child = spawn(process.execPath, [bundle], {
    cwd: directory.path,
    env: { ...process.env, NODE_OPTIONS: '', DATA_DIR: 'data', FIXTURE_EVENTS: events, ...ports, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const exited = new Promise<number | NodeJS.Signals | null>(
    (resolve) => void child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  return (supervisor = { child, exited, output: () => text });
}

const untilReady = (started: Supervisor) =>
  eventually(() => expect(started.output()).toMatch(/GraphQL endpoint: http:\/\/127\.0\.0\.1:\d+\/graphql\n$/), {
    timeoutMs: 30_000,
  });

/** Pids of services and servers of this project that still run. */
async function leftovers(): Promise<number[]> {
  const services = (await readEvents(events)).flatMap((line) => /started (\d+)/.exec(line)?.[1] ?? []);
  const log = await readFile(join(directory.path, 'data', 'logs', 'nats.log'), 'utf8').catch(() => '');
  const postgresLog = await readFile(join(directory.path, 'data', 'logs', 'postgres.log'), 'utf8').catch(() => '');
  const servers = [...log.matchAll(/^\[(\d+)\]/gm), ...postgresLog.matchAll(/\[(\d+)\] @ LOG: {2}starting/gm)].map(
    (match) => match[1],
  );
  return [...new Set([...services, ...servers].map(Number))].filter(isAlive);
}

test('SIGTERM stops everything in order, after a start whose last line is the endpoint', async () => {
  const started = await start();
  await untilReady(started);
  expect((await leftovers()).length).toBe(serviceNames.length + 4); // the gateway, the mailbox and two servers
  started.child.kill('SIGTERM');
  expect(await started.exited).toBe(0);
  expect(started.output()).toMatch(/Stopping\. .*\nStopped\.\n$/);
  expect(await leftovers()).toEqual([]);
});

test('a Ctrl-C that arrives from the terminal and from npm stops everything in order', async () => {
  const started = await start();
  await untilReady(started);
  started.child.kill('SIGINT');
  await eventually(async () => expect(await readEvents(events)).toContain('gateway stopping'));
  started.child.kill('SIGINT');
  expect(await started.exited).toBe(0);
  expect((await readEvents(events)).filter((line) => line.endsWith(' stopped'))).toHaveLength(serviceNames.length + 2);
});

test('all processes end when the supervisor is killed', async () => {
  const started = await start();
  await untilReady(started);
  started.child.kill('SIGKILL');
  await started.exited;
  await eventually(async () => expect(await leftovers()).toEqual([]));
  expect((await readEvents(events)).filter((line) => line.endsWith(' stopped'))).toHaveLength(serviceNames.length + 2);
  expect(await readFile(join(directory.path, 'data', 'logs', 'postgres.log'), 'utf8')).toMatch(
    /database system is shut down\n$/,
  );

  const next = await start(); // the files of the killed one do not prevent it
  await untilReady(next);
});

test.each([{ FIXTURE_UNREADY: last }, { FIXTURE_SLOW: last }])(
  'no process survives a supervisor that is killed during the start (%j)',
  async (env) => {
    const started = await start(env);
    await eventually(async () =>
      expect(await readEvents(events)).toContainEqual(expect.stringMatching(new RegExp(`^${last} started`))),
    );
    started.child.kill('SIGKILL');
    await started.exited;
    await eventually(async () => expect(await leftovers()).toEqual([]));
  },
);

test('SIGINT during the start stops everything and ends with 0', async () => {
  const started = await start({ FIXTURE_UNREADY: last });
  await eventually(async () =>
    expect(await readEvents(events)).toContainEqual(expect.stringMatching(new RegExp(`^${last} started`))),
  );
  started.child.kill('SIGINT');
  expect(await started.exited).toBe(0);
  expect(await leftovers()).toEqual([]);
});

test('a second Ctrl-C kills a service that does not stop', async () => {
  const started = await start({ FIXTURE_DEAF: 'gateway' });
  await untilReady(started);
  started.child.kill('SIGINT');
  await eventually(async () => expect(await readEvents(events)).toContain('gateway stopping'));
  await eventually(() => {
    started.child.kill('SIGINT'); // ignored in the first second, because npm forwards signals
    expect(started.child.exitCode).toBe(1);
  });
  await started.exited;
  await eventually(async () => expect(await leftovers()).toEqual([]));
});

test('an expected error is one sentence on standard error with exit code 1', async () => {
  const started = await start({ DATA_DIR: 'package.json/data' });
  expect(await started.exited).toBe(1);
  expect(started.output()).toMatch(
    /^The data directory .* cannot be written \(ENOTDIR\)\. Set DATA_DIR to a directory that you may write\.\n$/,
  );
});

test('mistakes of the configuration are reported together, with exit code 1', async () => {
  const started = await start({ GATEWAY_PORT: 'many', SEED: 'some' });
  expect(await started.exited).toBe(1);
  expect(started.output()).toMatch(
    /^The configuration of npm start is not valid:\n {2}GATEWAY_PORT: must be a port number\n {2}SEED: must be demo or none\n$/,
  );
});

test('a mistake in the configuration of a service is reported once, in one line', async () => {
  const started = await start({ FIXTURE_MISCONFIGURED: last });
  expect(await started.exited).toBe(1);
  const lines = started.output().trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(
    new RegExp(
      `^The configuration of ${last} is not valid: FIRST is missing; SECOND: must be a port number\\. See .*${last}\\.log\\.$`,
    ),
  );
  expect(lines.filter((line) => /configuration|unexpectedly|did not start|starting it again/.test(line))).toHaveLength(
    1,
  );
});
