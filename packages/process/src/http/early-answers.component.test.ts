import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { FastifyInstance } from 'fastify';
import { createLogger } from '../log/create-logger.ts';
import { createHttpServer } from './create-http-server.ts';
import { listen } from './listen.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let app: FastifyInstance;
let url: string;
let handled: number;
const clients: Socket[] = [];

async function start(options: Partial<Parameters<typeof createHttpServer>[0]> = {}): Promise<void> {
  handled = 0;
  app = createHttpServer({ logger, ...options });
  app.post('/', async () => void (handled += 1));
  app.post('/refused', { onRequest: async (_request, reply) => reply.code(401).send('refused') }, async () => 'done');
  url = await listen(app, { host: '127.0.0.1', port: 0 });
}
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await app.close();
});

interface Client {
  readonly socket: Socket;
  /** The text that the server has sent, with `(end)` for the end. */
  read(): string;
  /** How the connection ended: undefined, or the code of the error. */
  readonly closed: Promise<string | undefined>;
}

/** A client that goes on to send after the server has ended its half of the connection. */
function open(): Client {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  clients.push(socket);
  let text = '';
  let code: string | undefined;
  socket.on('data', (chunk) => (text += String(chunk))).on('end', () => (text += '(end)'));
  socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
  const closed = new Promise<string | undefined>((resolve) => socket.once('close', () => resolve(code)));
  return { socket, read: () => text, closed };
}

const head = (path: string, length: number | 'chunked', more = '') =>
  [
    `POST ${path} HTTP/1.1`,
    'host: test',
    'content-type: application/json',
    length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`,
    `${more}\r\n`,
  ].join('\r\n');

/** Lets the server react between two writes. */
const write = (socket: Socket, text: string) =>
  new Promise<void>((resolve) => socket.write(text, () => setImmediate(resolve)));

describe('a request that is answered before its body has arrived', () => {
  const megabytes = 3;
  const piece = 'x'.repeat(64 * 1024);

  test.each([
    ['413, since its length is over the limit', '/', megabytes * 16 * piece.length, 413, ''],
    ['413, since its chunks are over the limit', '/', 'chunked', 413, ''],
    ['401', '/refused', megabytes * 16 * piece.length, 401, ''],
    [
      '401, though it asks for the end of the connection',
      '/refused',
      megabytes * 16 * piece.length,
      401,
      'connection: close\r\n',
    ],
  ] as const)('with %s is read to its end', async (_what, path, length, status, more) => {
    await start();
    const { socket, read, closed } = open();
    await write(socket, head(path, length, more));
    for (let sent = 0; sent < megabytes * 16; sent += 1)
      await write(socket, length === 'chunked' ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece);
    if (length === 'chunked') await write(socket, '0\r\n\r\n');
    while (!read().includes('\r\n\r\n')) await once(socket, 'data');
    expect(read()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    socket.end();
    // A reset would be an error: the client often loses the answer to it.
    expect(await closed).toBeUndefined();
    expect(handled).toBe(0);
  });

  test('leaves a connection that may be used again, when nobody asked for its end', async () => {
    await start();
    const { socket, read, closed } = open();
    await write(socket, head('/refused', 1_000_000));
    while (!read().includes('refused')) await once(socket, 'data');
    await write(socket, 'x'.repeat(1_000_000) + head('/', 2) + '{}');
    while (read().match(/HTTP\/1\.1/g)?.length !== 2) await once(socket, 'data');
    expect(handled).toBe(1);
    socket.end();
    expect(await closed).toBeUndefined();
  });

  test.each([
    ['bytes', { maxBytes: 1_000_000, maxMs: 60_000 }, piece],
    ['time', { maxBytes: 1_000_000_000, maxMs: 500 }, 'x'],
  ])('is cut off when more is sent than the limit in %s', async (_what, discard, text) => {
    await start({ discard });
    const { socket, read, closed } = open();
    await write(socket, head('/', 1_000_000_000));
    const send = (): void => void (socket.writable && socket.write(text, () => setImmediate(send)));
    send();
    expect(['ECONNRESET', 'EPIPE', undefined]).toContain(await closed);
    expect(read()).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe('a request that drips', () => {
  test.each([
    ['in its headers', 'POST / HTTP/1.1\r\nhost: test\r\n', 'x'],
    ['in a body of a known length', head('/', 1_000), 'x'],
    ['in the chunks of its body', head('/', 'chunked'), '1\r\nx\r\n'],
  ])('%s is answered with 408, and its connection ends', async (_what, start_, drop) => {
    await start({ requestTimeout: 1_000 });
    const { socket, read, closed } = open();
    socket.write(start_);
    const drip = setInterval(() => socket.writable && socket.write(drop), 50);
    await closed;
    clearInterval(drip);
    expect(read()).toMatch(/^HTTP\/1\.1 408 /);
    expect(handled).toBe(0);
  });

  test('after its answer is cut off within the time for that', async () => {
    await start({ discard: { maxMs: 500 } });
    const { socket, read, closed } = open();
    socket.write(head('/refused', 1_000));
    const drip = setInterval(() => socket.writable && socket.write('x'), 50);
    await closed;
    clearInterval(drip);
    expect(read()).toMatch(/^HTTP\/1\.1 401 /);
  });
});

test('a client of fetch gets the answer to a body that is too large', async () => {
  await start();
  // In a thread of its own, so that it writes while the server answers.
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    const headers = { 'content-type': 'application/json' };
    const send = async () => {
      const answer = await fetch(workerData, { method: 'POST', headers, body: 'x'.repeat(2 * 1024 * 1024) });
      return answer.status + (await answer.text());
    };
    (async () => {
      const answers = [];
      for (let n = 0; n < 50; n += 1) answers.push(await send().catch((error) => String(error)));
      parentPort.postMessage([...new Set(answers)]);
    })();
  `;
  const worker = new Worker(script, { eval: true, workerData: url });
  const [answers] = (await once(worker, 'message')) as [string[]];
  await worker.terminate();
  expect(answers).toEqual([expect.stringMatching(/^413\{"errors".*BAD_REQUEST/)]);
});
