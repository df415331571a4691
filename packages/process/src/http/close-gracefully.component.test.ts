import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createLogger } from '../log/create-logger.ts';
import { createHttpServer } from './create-http-server.ts';
import { addHealthRoutes } from './health.ts';
import { listen } from './listen.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const agent = new Agent({ keepAlive: true });
let app: FastifyInstance;
let url: string;
/** Lets the request to `/slow` be answered. */
let finish: () => void;
let started: Promise<void>;
let closing: Promise<void>;

async function start(shutdownDelay: number): Promise<void> {
  app = createHttpServer({ logger, shutdownDelay });
  addHealthRoutes(app, { checks: {}, logger });
  let reportStart!: () => void;
  started = new Promise((resolve) => (reportStart = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  app.get('/slow', async () => {
    reportStart();
    await finished;
    return 'done';
  });
  app.get('/fast', async () => 'done');
  closing = new Promise((resolve) => void app.addHook('preClose', async () => resolve()));
  url = await listen(app, { host: '127.0.0.1', port: 0 });
}

/** Sends a request on a kept-alive connection. */
async function request(path: string): Promise<IncomingMessage> {
  const [response] = (await once(get(`${url}${path}`, { agent }), 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

afterEach(() => app.close());
afterAll(() => agent.destroy());

test('a server that closes finishes the request in progress, and ends its connection', async () => {
  await start(0);
  const slow = request('/slow');
  await started;
  const closed = app.close();
  await closing;
  finish();
  const { statusCode, headers } = await slow;
  expect([statusCode, headers.connection]).toEqual([200, 'close']);
  await closed;
  await expect(request('/fast')).rejects.toThrow(/ECONNREFUSED/);
});

test('before that it accepts requests for the delay, and is not ready', async () => {
  await start(2_000);
  expect((await request('/health/ready')).statusCode).toBe(200);
  const slow = request('/slow');
  await started;
  const closed = app.close();
  const [ready, fast] = [await request('/health/ready'), await request('/fast')];
  expect([ready.statusCode, ready.headers.connection]).toEqual([503, 'close']);
  expect([fast.statusCode, fast.headers.connection]).toEqual([200, 'close']);
  finish();
  expect((await slow).statusCode).toBe(200);
  await closed;
});

test('it does not wait for connections on which nothing was sent', async () => {
  await start(0);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  await request('/fast');
  const before = performance.now();
  await app.close();
  // Connections of requests in progress would be cut after ten seconds.
  expect(performance.now() - before).toBeLessThan(9_000);
  socket.destroy();
});
