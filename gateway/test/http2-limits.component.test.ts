import { once } from 'node:events';
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type Http2SecureServer,
  type ServerHttp2Stream,
} from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { createHttpServer, createLogger, listen } from '@shop/process';
import { createCertificate, eventually, type TestCertificate } from '@shop/testing';
import type { FastifyInstance } from 'fastify';

const logger = createLogger({ service: 'test', level: 'silent' });
/** More than the window of a stream, so that a client which does not read stops the server's writes. */
const large = 'x'.repeat(1024 * 1024);

let certificate: TestCertificate;
let app: FastifyInstance;
let url: string;
let answerSlow: () => void;
const sessions: ClientHttp2Session[] = [];
const isOpen = (session: ClientHttp2Session) => !session.closed && !session.destroyed;

beforeAll(async () => {
  certificate = await createCertificate();
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await app.close();
});

async function start(limits: Partial<Parameters<typeof createHttpServer>[0]>) {
  // The files are never read: the test is over before.
  const tls = { certFile: '', keyFile: '', certificate: { ...certificate, names: '', validTo: new Date(8.64e15) } };
  app = createHttpServer({ logger, tls, ...limits });
  app.get('/large', async () => large);
  // More than the kernel buffers for one connection.
  app.get('/huge', async () => large.repeat(16));
  app.get('/slow', () => new Promise((resolve) => (answerSlow = () => resolve('slow'))));
  app.get('/small', async () => 'small');
  app.post('/', async () => 'done');
  app.post('/refused', { onRequest: async (_request, reply) => reply.code(401).send('refused') }, async () => 'done');
  url = await listen(app, { host: '127.0.0.1', port: 0 });
}

async function open(): Promise<ClientHttp2Session> {
  const session = connect(url, { ca: certificate.cert });
  sessions.push(session);
  session.on('error', () => undefined);
  await once(session, 'connect');
  return session;
}

/** The status of an answer, whose body is discarded. */
function readStatus(stream: ClientHttp2Stream): Promise<number> {
  stream.resume();
  return new Promise((resolve, reject) => {
    stream.once('response', (headers) => resolve(Number(headers[':status'])));
    stream.once('error', reject).once('close', () => reject(new Error('The stream ended without an answer.')));
  });
}
const get = (session: ClientHttp2Session, path: string) => readStatus(session.request({ ':path': path }));

test('a session has 100 streams at a time at most, and headers of 16 KiB', async () => {
  await start({});
  const session = await open();
  const settings = { maxConcurrentStreams: 100, maxHeaderListSize: 16_384 };
  await eventually(() => expect(session.remoteSettings).toMatchObject(settings));
  const headers = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`x-${n}`, 'x'.repeat(1_000)]));
  await expect(readStatus(session.request({ ':path': '/small', ...headers }))).rejects.toThrow();
});

test('a client that never reads its answers is cut off, and one that reads slowly is not', async () => {
  await start({ stallTimeout: 10_000 }); // a busy machine may pause this process, and its clients with it
  const [deaf, slow] = [await open(), await open()];
  for (let n = 0; n < 50; n += 1) deaf.request({ ':path': '/large' }).on('error', () => undefined);
  // A ping moves bytes, but no answer.
  const pings = setInterval(() => isOpen(deaf) && deaf.ping(() => undefined), 200);
  const stream = slow.request({ ':path': '/large' });
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    stream.pause();
    setTimeout(() => stream.resume(), 50);
  });
  await Promise.all([
    eventually(() => expect(isOpen(deaf)).toBe(false)),
    eventually(() => expect(bytes).toBe(large.length)),
  ]);
  clearInterval(pings);
  expect(await get(slow, '/small')).toBe(200);
});

test('a session that waits for an answer is not cut off', async () => {
  await start({ stallTimeout: 100 });
  const session = await open();
  const status = get(session, '/slow');
  // Each round takes longer than the timeout of a stall.
  for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setTimeout(resolve, 110));
  answerSlow();
  expect(await status).toBe(200);
});

test('a body that drips is ended after the time for a request', async () => {
  await start({ requestTimeout: 1_000 });
  const session = await open();
  const stream = session.request({ ':method': 'POST', ':path': '/', 'content-type': 'application/json' });
  const drip = setInterval(() => stream.writable && stream.write(' '), 50);
  const closed = once(stream, 'close').catch(() => undefined);
  expect(await readStatus(stream)).toBe(408);
  await closed;
  clearInterval(drip);
  expect(await get(session, '/small')).toBe(200);
});

test.each([
  ['bytes', { maxBytes: 1_000_000, maxMs: 60_000 }, 1_000],
  ['time', { maxBytes: 1_000_000, maxMs: 1_000 }, 1],
])('the rest of a body whose request was answered is discarded, and bounded in %s', async (_what, discard, size) => {
  await start({ discard });
  const accepted: ServerHttp2Stream[] = [];
  (app.server as unknown as Http2SecureServer).on('stream', (stream) => accepted.push(stream));
  const session = await open();
  const stream = session.request({ ':method': 'POST', ':path': '/refused', 'content-type': 'application/json' });
  const answer = readStatus(stream);
  let isSending = true;
  const send = (): void => void (isSending && stream.write('x'.repeat(size), () => setImmediate(send)));
  send();
  expect(await answer).toBe(401);
  // A client of Node does not notice that its stream was reset.
  await eventually(() => expect(accepted.map(({ closed }) => closed)).toEqual([true]));
  isSending = false;
  expect(await get(session, '/small')).toBe(200);
});

test('a session ends after its last request, which is answered', async () => {
  await start({ maxRequestsPerSocket: 3 });
  const session = await open();
  const goneAway = once(session, 'goaway');
  const closed = once(session, 'close');
  expect(await Promise.all([1, 2, 3].map(() => get(session, '/small')))).toEqual([200, 200, 200]);
  await Promise.all([goneAway, closed]);
  expect(await get(await open(), '/small')).toBe(200);
});

test('a client that opens and resets streams rapidly loses its session, and no other does', async () => {
  await start({});
  const [hostile, other] = [await open(), await open()];
  const tick = () => new Promise((resolve) => setImmediate(resolve));
  for (let round = 0; round < 200 && isOpen(hostile); round += 1) {
    const streams = Array.from({ length: 50 }, () => hostile.request({ ':path': '/slow' }));
    for (const stream of streams) stream.on('error', () => undefined);
    // The streams are open before they are reset.
    await tick();
    for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
    await tick();
  }
  await eventually(() => expect(isOpen(hostile)).toBe(false));
  expect(await get(other, '/small')).toBe(200);
});

describe('a client of HTTP/1.1 over TLS', () => {
  /** Sends a text and then drops, until the connection is closed. Returns what was answered. */
  async function send(text: string, drop = ''): Promise<string> {
    const socket = connectTls({ port: Number(new URL(url).port), host: 'localhost', ca: certificate.cert });
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk))).on('error', () => undefined);
    socket.write(text);
    const drip = setInterval(() => socket.writable && socket.write(drop), 50);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    return answer;
  }
  const post = 'POST / HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n';

  test.each([
    ['in its headers', post, 'x'],
    ['in its body', `${post}content-length: 1000\r\n\r\n`, ' '],
  ])('that drips %s gets 408', async (_what, text, drop) => {
    await start({ requestTimeout: 1_000 });
    expect(await send(text, drop)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('whose headers are too large gets 431', async () => {
    await start({});
    expect(await send(`GET / HTTP/1.1\r\nhost: shop\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('that does not read its answer is cut off', async () => {
    await start({ stallTimeout: 500 });
    const socket = connectTls({ port: Number(new URL(url).port), host: 'localhost', ca: certificate.cert });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    const accepted = new Promise<void>((resolve) =>
      app.server.once('request', (_request, response) => response.once('close', resolve)),
    );
    socket.pause().write('GET /huge HTTP/1.1\r\nhost: shop\r\n\r\n');
    await accepted;
    socket.destroy();
  });
});
