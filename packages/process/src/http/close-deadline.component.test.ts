import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createLogger } from '../log/create-logger.ts';
import { createHttpServer } from './create-http-server.ts';
import { listen } from './listen.ts';

let lines: Record<string, unknown>[];
let app: FastifyInstance;
let url: string;
let answerSlow: () => void;
let isClosing: Promise<void>;
const sockets: Socket[] = [];

async function start(drainMs?: number): Promise<void> {
  lines = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  app = createHttpServer({ logger: createLogger({ service: 'test', destination }), drainMs });
  app.get('/now', async () => 'now');
  app.get('/never', () => new Promise(() => {}));
  app.get('/slow', () => new Promise((resolve) => (answerSlow = () => resolve('slow'))));
  isClosing = new Promise((resolve) => app.addHook('preClose', async () => resolve()));
  url = await listen(app, { host: '127.0.0.1', port: 0 });
}
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));

/** Opens a connection, sends a text, and waits for an event of the server. */
async function open(text: string, event: 'connection' | 'request'): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  const connected = once(app.server, 'connection') as Promise<[Socket]>;
  const arrived = once(app.server, event);
  socket.write(text);
  await arrived;
  const [accepted] = await connected;
  while (accepted.bytesRead < text.length) await setImmediate();
  return socket;
}
const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`;

test.each([
  ['sent half a request', 'GET /now HTTP/1.1\r\nHost: te', 'connection'],
  ['waits for an answer that never comes', request('/never'), 'request'],
] as const)(
  'closing destroys a connection after the deadline that %s, and logs the number',
  async (_what, text, event) => {
    await start(50);
    const socket = await open(text, event);
    await open(text, event);
    // Not by `once` of node:events, which rejects when the connection is reset.
    const closed = new Promise((resolve) => socket.resume().once('close', resolve));
    await app.close();
    await closed;
    expect(lines).toMatchObject([{ level: 'warn', connections: 2, drainMs: 50 }]);
  },
);

test('closing waits for an answer before the deadline, ends idle connections at once, and logs nothing', async () => {
  await start(30_000);
  await once(await open(request('/now'), 'request'), 'data');
  const socket = await open(request('/slow'), 'request');
  const ended = once(socket, 'end');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  const closed = app.close();
  await isClosing;
  answerSlow();
  await Promise.all([closed, ended]);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*slow$/);
  expect(lines).toEqual([]);
});
