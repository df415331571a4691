import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '@shop/testing';
import type { FastifyInstance } from 'fastify';
import { createLogger } from '../log/create-logger.ts';
import { createHttpServer } from './create-http-server.ts';
import { listen } from './listen.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let app: FastifyInstance;
let socket: Socket;
let received: string;
let isEnded: boolean;
/** Lets the requests be answered, by their path, in the order in which they began. */
let pending: Map<string, () => void>;

/** Starts a server whose answers wait, and connects to it. */
async function start(options: { pipelining?: number; shutdownDelay?: number } = {}): Promise<void> {
  [received, isEnded, pending] = ['', false, new Map()];
  app = createHttpServer({ logger, ...options });
  app.get('/*', (request, reply) => void pending.set(request.url, () => void reply.send(`answer to ${request.url}.`)));
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('data', (bytes) => void (received += bytes.toString()));
  socket.on('end', () => void (isEnded = true));
  await once(socket, 'connect');
}

const send = (...paths: string[]) =>
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(''));
const answer = (path: string) => pending.get(path)?.();
const answers = () => [...received.matchAll(/answer to ([^.]+)\./g)].map(([, path]) => path);
const begun = (paths: string[]) => eventually(() => expect([...pending.keys()]).toEqual(paths));

afterEach(async () => {
  for (const finish of pending.values()) finish();
  socket.destroy();
  await app.close();
});

test('the requests of a connection are executed one after another', async () => {
  await start();
  send('/a', '/b', '/c');
  await begun(['/a']);
  answer('/a');
  await begun(['/a', '/b']);
  answer('/b');
  await begun(['/a', '/b', '/c']);
  answer('/c');
  await eventually(() => expect(answers()).toEqual(['/a', '/b', '/c']));
  expect(received).not.toContain('pipelining');
});

test('or as many at a time as the server says, and answered in order', async () => {
  await start({ pipelining: 2 });
  send('/a', '/b', '/c', '/d');
  await begun(['/a', '/b']);
  answer('/b');
  // Only the first answer makes room.
  send('/e');
  await begun(['/a', '/b']);
  expect(answers()).toEqual([]);
  answer('/a');
  await begun(['/a', '/b', '/c', '/d']);
  expect(answers()).toEqual(['/a', '/b']);
  expect(received).toContain('keep-alive: timeout=72, pipelining=2\r\n');
  answer('/d');
  answer('/c');
  await begun(['/a', '/b', '/c', '/d', '/e']);
});

test.each([
  ['the first one', ['/b', '/a']],
  ['the last one', ['/a', '/b']],
])('a server that closes answers what has come on a connection, when %s is answered last', async (_what, order) => {
  await start({ pipelining: 8 });
  send('/a', '/b');
  await begun(['/a', '/b']);
  answer(order[0] as string);
  const began = performance.now();
  const closed = app.close();
  await eventually(() => expect(app.server.listening).toBe(false));
  answer(order[1] as string);
  await eventually(() => expect(isEnded).toBe(true));
  expect(answers()).toEqual(['/a', '/b']);
  await closed;
  // Connections that do not end are cut after ten seconds.
  expect(performance.now() - began).toBeLessThan(9_000);
});

test('so it does with requests that come together while it closes', async () => {
  await start({ pipelining: 8, shutdownDelay: 3_000 });
  const closed = app.close();
  send('/a', '/b', '/c');
  await begun(['/a', '/b', '/c']);
  for (const path of ['/a', '/b', '/c']) answer(path);
  await eventually(() => expect(isEnded).toBe(true));
  expect(answers()).toEqual(['/a', '/b', '/c']);
  await closed;
});
