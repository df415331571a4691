import { once } from 'node:events';
import { createServer, type AddressInfo, type LookupFunction, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createCertificate, eventually, temporaryDirectory } from '@shop/testing';
import { lookupInRandomOrder } from '../lookup-in-random-order.ts';
import type { CallSink } from './connection.ts';
import { ConnectionPool, type ConnectionPoolOptions, type HttpRequest } from './connection-pool.ts';

type OnConnection = (socket: Socket) => void;
type Handler = (socket: Socket, text: string) => void;

let server: Server;
let pool: ConnectionPool;
/** The text that each connection has received. */
let received: string[];
let sockets: Socket[];

const answer = (body: string, more = ''): string =>
  `HTTP/1.1 200 OK\r\n${more}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const echo: Handler = (socket, text) => void socket.write(answer(text.split('\r\n\r\n').at(-1) ?? ''));

async function open(
  handle: Handler = echo,
  {
    create,
    socketPath,
    ...options
  }: Partial<ConnectionPoolOptions> & { create?: (onConnection: OnConnection) => Server; socketPath?: string } = {},
): Promise<void> {
  received = [];
  sockets = [];
  server = (create ?? createServer)((socket: Socket) => {
    const place = sockets.push(socket) - 1;
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        received[place] = (received[place] ?? '') + bytes.toString('latin1');
        handle(socket, received[place]);
      });
  });
  if (socketPath === undefined) server.listen(0, '127.0.0.1');
  else server.listen(socketPath);
  await once(server, 'listening');
  const { port } = (socketPath === undefined ? server.address() : {}) as AddressInfo;
  const scheme = create === undefined ? 'http' : 'https';
  pool = new ConnectionPool(socketPath === undefined ? `${scheme}://127.0.0.1:${port}` : `unix://${socketPath}`, {
    connections: 10,
    timeoutMs: 60_000,
    lookup: lookupInRandomOrder,
    ...options,
  });
}

/** A call whose result is the body, or the error. */
function send(body: string, more: Partial<HttpRequest> = {}) {
  let abort: (error: Error) => void = () => {};
  let isSent = false;
  let text = '';
  const result = new Promise<string>((resolve) => {
    const sink: CallSink = {
      onSent: () => void (isSent = true),
      onHead: () => {},
      onBody: (part) => void (text += part.toString()),
      onEnd: () => resolve(text),
      onError: (error) => resolve(`${error.name}: ${error.message}`),
    };
    abort = pool.send({ method: 'POST', path: '/graphql', body, ...more }, sink);
  });
  return { result, abort: (message: string) => abort(new Error(message)), isSent: () => isSent };
}

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await pool.close();
  server.close();
});

test('sends a request, and the next one on the same connection', async () => {
  await open();
  expect(await send('€', { headers: { accept: 'a/b', 'x-name': 'caf\xe9' } }).result).toBe('€'.replace('€', 'â\x82¬'));
  const { port } = server.address() as AddressInfo;
  const head = ['POST /graphql HTTP/1.1', `host: 127.0.0.1:${port}`, 'connection: keep-alive', 'accept: a/b'];
  expect(received[0]).toBe([...head, 'x-name: caf\xe9', 'content-length: 3', '', 'â\x82¬'].join('\r\n'));
  await send('again').result;
  expect(await send('', { method: 'GET', path: '/health', body: undefined }).result).toBe('');
  expect(received).toEqual([
    expect.stringMatching(/GET \/health HTTP\/1\.1\r\nhost: [^ ]+\r\nconnection: keep-alive\r\n\r\n$/),
  ]);
});

test('sends requests over a Unix socket, and the connection is used again', async () => {
  const folder = await temporaryDirectory();
  const large = 'x'.repeat(1_000_000);
  try {
    await open((socket) => void socket.write(answer(large)), { socketPath: `${folder.path}/s.sock` });
    expect(await send('first').result).toBe(large);
    expect(received[0]).toMatch(/^POST \/graphql HTTP\/1\.1\r\nhost: localhost\r\n/);
    expect(await send('second').result).toBe(large);
    expect(sockets).toHaveLength(1);
    await pool.close();
    const options = { connections: 1, timeoutMs: 60_000, lookup: lookupInRandomOrder };
    pool = new ConnectionPool(`unix://${folder.path}/none.sock`, options);
    expect(await send('').result).toMatch(/^Error: connect ENOENT .*none\.sock$/);
  } finally {
    await folder.remove();
  }
});

test.each(['x\r\ny: z', 'x\ny', 'x\0', '\u20ac'])('refuses a header with the value %j', async (value) => {
  await open();
  expect(await send('', { headers: { a: value } }).result).toBe('HttpError: the header "a" is malformed');
  expect(await send('', { headers: { 'a b': 'x' } }).result).toBe('HttpError: the header "a b" is malformed');
  expect(sockets).toEqual([]);
});

test.each([
  ['is asked to close', (socket: Socket) => socket.write(answer('ok', 'connection: close\r\n'))],
  ['would be closed by the server soon', (socket: Socket) => socket.write(answer('ok', 'keep-alive: timeout=1\r\n'))],
  ['has more than the answer', (socket: Socket) => socket.write(`${answer('ok')}HTTP/1.1 200 OK\r\n`)],
  ['ends with the answer', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nok')],
] satisfies [string, Handler][])('a connection that %s is not used again', async (_what, handle) => {
  await open(handle);
  expect(await send('first').result).toBe('ok');
  expect(await send('second').result).toBe('ok');
  expect(received.map((text) => text.split('\r\n').at(-1))).toEqual(['first', 'second']);
  await eventually(() => expect(sockets.every(({ destroyed }) => destroyed)).toBe(true));
});

test('a connection that the server closes while it is idle is not used again', async () => {
  await open();
  await send('first').result;
  const [socket] = sockets;
  socket?.end();
  await eventually(() => expect(socket?.destroyed).toBe(true));
  expect(await send('second').result).toBe('second');
});

test('an answer that comes before the request is read counts, and the connection is not used again', async () => {
  await open((socket) => void socket.pause().write(answer('refused')));
  // More than the buffers of both sides hold.
  const large = 'x'.repeat(64 * 1024 * 1024);
  expect(await send(large).result).toBe('refused');
  expect(await send('next').result).toBe('refused');
  expect(sockets).toHaveLength(2);
});

test.each([
  [
    'before an answer',
    (socket: Socket) => socket.end(),
    'Error: the connection was closed before the answer was complete',
  ],
  [
    'within an answer',
    (socket: Socket) => socket.end(answer('ok').slice(0, -1)),
    'Error: the connection was closed before',
  ],
  ['with a reset', (socket: Socket) => socket.resetAndDestroy(), 'Error: read ECONNRESET'],
  [
    'after another protocol',
    (socket: Socket) => socket.write('+OK ready\r\n\r\n'),
    'HttpError: the answer has no valid',
  ],
] satisfies [string, Handler, string][])('a call whose connection ends %s fails', async (_what, handle, error) => {
  await open(handle);
  const call = send('');
  expect(await call.result).toMatch(new RegExp(`^${error}`));
  expect(call.isSent()).toBe(true);
});

test('a call whose connection is refused is not sent', async () => {
  await open();
  await new Promise((resolve) => server.close(resolve));
  const calls = ['first', 'second'].map((body) => send(body));
  for (const call of calls) {
    expect(await call.result).toMatch(/ECONNREFUSED/);
    expect(call.isSent()).toBe(false);
  }
});

test('a connection that takes too long fails its call', async () => {
  const silent: LookupFunction = () => {};
  await open(echo, { timeoutMs: 20, lookup: silent });
  pool = new ConnectionPool('http://host.test:1', { connections: 1, timeoutMs: 20, lookup: silent });
  const call = send('');
  expect(await call.result).toBe('Error: no connection within 20 ms');
  expect(call.isSent()).toBe(false);
});

test('calls beyond the connections wait in order, unless they are ended', async () => {
  const held: (() => void)[] = [];
  await open((socket, text) => void held.push(() => echo(socket, text)), { connections: 2 });
  const calls = ['a', 'b', 'c', 'd', 'e'].map((body) => send(body));
  await eventually(() => expect(held).toHaveLength(2));
  calls[2]?.abort('late');
  expect(await calls[2]?.result).toBe('Error: late');
  for (let answered = 0; answered < 4; answered += 1) {
    await eventually(() => expect(held.length).toBeGreaterThan(0));
    held.shift()?.();
  }
  expect(await Promise.all(calls.map(({ result }) => result))).toEqual(['a', 'b', 'Error: late', 'd', 'e']);
  expect(calls.map(({ isSent }) => isSent())).toEqual([true, true, false, true, true]);
  expect(sockets).toHaveLength(2);
});

test('ending a call in flight closes its connection, and the next call has another', async () => {
  await open((socket, text) => void (text.endsWith('silent') || echo(socket, text)), { connections: 1 });
  const silent = send('silent');
  await eventually(() => expect(received).toHaveLength(1));
  const next = send('next');
  silent.abort('late');
  silent.abort('twice');
  expect(await silent.result).toBe('Error: late');
  expect(await next.result).toBe('next');
  expect(sockets).toHaveLength(2);
});

test('ending a call that is over leaves its connection alone', async () => {
  await open();
  const first = send('first');
  await first.result;
  const second = send('second');
  first.abort('too late');
  expect(await second.result).toBe('second');
  expect(sockets).toHaveLength(1);
});

test('closing waits for the calls, also for those that wait for a connection', async () => {
  const held: (() => void)[] = [];
  await open((socket, text) => void held.push(() => echo(socket, text)), { connections: 1 });
  const calls = ['a', 'b'].map((body) => send(body));
  await eventually(() => expect(held).toHaveLength(1));
  const closed = pool.close();
  expect(await send('late').result).toBe('HttpError: the connections are closed');
  for (let answered = 0; answered < 2; answered += 1) {
    await eventually(() => expect(held.length).toBeGreaterThan(0));
    held.shift()?.();
  }
  expect(await Promise.all(calls.map(({ result }) => result))).toEqual(['a', 'b']);
  await closed;
  await eventually(() => expect(sockets.every(({ destroyed }) => destroyed)).toBe(true));
});

test('an answer of several megabytes is complete', async () => {
  const large = '0123456789'.repeat(500_000);
  await open((socket) => void socket.write(answer(large)));
  expect((await send('').result) === large).toBe(true);
});

test('speaks TLS, and trusts no unknown certificate', async () => {
  const certificate = await createCertificate();
  await open(echo, { create: (onConnection) => createTlsServer(certificate, onConnection) });
  const refused = send('secret');
  expect(await refused.result).toMatch(/self-signed certificate/);
  expect([refused.isSent(), received]).toEqual([false, []]);
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  expect(await send('first').result).toBe('first');
  expect(await send('second').result).toBe('second');
  expect(received.at(-1)).toContain('host: 127.0.0.1');
});
