import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import type { FastifyInstance } from 'fastify';
import { createLogger } from '../log/create-logger.ts';
import { createHttpServer } from './create-http-server.ts';
import { addHealthRoutes } from './health.ts';
import { listen } from './listen.ts';
import { maxSocketPathBytes } from './unix-socket.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const apps: FastifyInstance[] = [];
let folder: TemporaryDirectory;
let socketPath: string;

beforeEach(async () => {
  folder = await temporaryDirectory();
  socketPath = `${folder.path}/thing.sock`;
});
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  await folder.remove();
});

/** Starts a server on the socket. */
function start(at = socketPath): Promise<string> {
  const app = createHttpServer({ logger });
  apps.push(app);
  addHealthRoutes(app, { checks: {}, logger });
  return listen(app, { host: '127.0.0.1', port: 0, socketPath: at });
}

async function readStatus(): Promise<number | undefined> {
  const [response] = (await once(get({ socketPath, path: '/health/ready' }), 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

test('a server listens on a socket that its user and group may use, and removes it when it closes', async () => {
  const umask = process.umask(0);
  try {
    expect(await start()).toBe(`unix://${socketPath}`);
    expect((statSync(socketPath).mode & 0o777).toString(8)).toBe('660');
    expect(process.umask()).toBe(0);
  } finally {
    process.umask(umask);
  }
  expect(await readStatus()).toBe(200);
  await apps[0]?.close();
  expect(existsSync(socketPath)).toBe(false);
});

test('a stricter umask is kept', async () => {
  const umask = process.umask(0o077);
  try {
    await start();
  } finally {
    process.umask(umask);
  }
  expect((statSync(socketPath).mode & 0o777).toString(8)).toBe('600');
});

/** Starts a process that listens on the socket and does nothing else. */
async function startOther(): Promise<ChildProcess> {
  const program = `require('net').createServer().listen({ path: process.argv[1], backlog: 1 }, () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', program, socketPath], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

test('the socket of a killed process is replaced', async () => {
  await kill(await startOther());
  expect(existsSync(socketPath)).toBe(true);
  await start();
  expect(await readStatus()).toBe(200);
});

test('a socket on which a process listens is refused, and that process goes on', async () => {
  await start();
  await expect(start()).rejects.toThrow(
    `Another process listens on the socket ${socketPath}. Stop it, or set another path.`,
  );
  expect(await readStatus()).toBe(200);
});

test('a process that is too busy to accept a connection keeps its socket', async () => {
  const other = await startOther();
  const waiting: Socket[] = [];
  try {
    other.kill('SIGSTOP');
    // The queue of connections is full when one is refused.
    for (let code = ''; code === '';) {
      const socket = connect(socketPath);
      waiting.push(socket);
      code = await new Promise((resolve) => {
        socket
          .once('connect', () => resolve(''))
          .once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      });
    }
    await expect(start()).rejects.toThrow('Another process listens');
    expect(existsSync(socketPath)).toBe(true);
  } finally {
    for (const socket of waiting) socket.destroy();
    await kill(other);
  }
});

test.each([
  ['is not a socket', (at: string) => (writeFileSync(at, 'x'), at), /thing\.sock is not a socket\. Delete it/],
  [
    'is in a missing directory',
    (at: string) => `${at}/missing/s`,
    /The directory of the socket .* does not exist\. Create /,
  ],
  ['is relative', () => 'thing.sock', 'The socket "thing.sock" must be an absolute path of a socket.'],
  [
    'is too long',
    (at: string) => at.padEnd(maxSocketPathBytes + 1, 'x'),
    `bytes, and that of a socket may have ${maxSocketPathBytes}. Use a shorter directory.`,
  ],
])('a path that %s is refused', async (_what, create, message) => {
  const at = create(socketPath);
  await expect(start(at)).rejects.toThrow(message);
});

test('the longest path is used as it is', async () => {
  const longest = socketPath.padEnd(maxSocketPathBytes, 'x');
  await start(longest);
  expect(existsSync(longest)).toBe(true);
});
