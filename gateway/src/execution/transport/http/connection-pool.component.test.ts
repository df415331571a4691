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

describe('with a server that takes some requests at a time', () => {
  /** A request that waits for its answer, with the place of its connection. */
  interface Waiting {
    readonly body: string;
    readonly connection: number;
    readonly socket: Socket;
  }
  let waiting: Waiting[];
  let arrived: string[];
  const pipelined = (body: string, more = ''): string => answer(body, `keep-alive: pipelining=3\r\n${more}`);
  /** Answers the first request of each connection that waits, or only of this one. */
  const reply = (connection?: number, make = pipelined): void => {
    const one = waiting.find((each) => connection === undefined || each.connection === connection);
    if (one === undefined) throw new Error('no request waits');
    waiting.splice(waiting.indexOf(one), 1);
    one.socket.write(make(one.body));
  };
  const arrive = (bodies: readonly string[]) =>
    eventually(() => expect([...arrived].sort()).toEqual([...bodies].sort()));

  /** Opens a pool that knows already what the server takes, with this many free connections. */
  async function openPipelined(options: Partial<ConnectionPoolOptions> = {}, free = 1): Promise<void> {
    [waiting, arrived] = [[], []];
    const read: Handler = (socket, text) => {
      const connection = sockets.indexOf(socket);
      const bodies = [...text.matchAll(/\r\n\r\n([a-z]\d?)(?=POST|$)/g)].map(([, body]) => body as string);
      for (const body of bodies.slice(arrived.filter((each) => each.startsWith(`${connection}:`)).length)) {
        arrived.push(`${connection}:${body}`);
        waiting.push({ body, connection, socket });
      }
    };
    await open(read, options);
    const first = Array.from({ length: free }, () => send('w'));
    await arrive(first.map((_call, connection) => `${connection}:w`));
    while (waiting.length > 0) reply();
    await Promise.all(first.map(({ result }) => result));
  }
  const group = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => send(`${name}${index}`, { group: name }));
  const results = (calls: readonly { result: Promise<string> }[]) => Promise.all(calls.map(({ result }) => result));

  test('calls of one group share a connection, up to that number; others have their own', async () => {
    await openPipelined({}, 4);
    const calls = [...group('a', 4), ...group('b', 2), send('c'), send('d')];
    await eventually(() => expect(waiting).toHaveLength(8));
    const together = (connection: number) =>
      waiting.filter((each) => each.connection === connection).map(({ body }) => body);
    const all = sockets.map((_socket, connection) => together(connection)).sort();
    expect(all).toEqual([['a0', 'a1', 'a2'], ['a3'], ['b0', 'b1'], ['c'], ['d']]);
    while (waiting.length > 0) reply();
    expect(await results(calls)).toEqual(['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'c', 'd']);
    // The connection that was missing was opened, and no other.
    expect(sockets).toHaveLength(5);
  });

  test('until the server has said it, each call has a connection', async () => {
    await openPipelined({}, 0);
    const countConnections = () => new Set(waiting.map(({ connection }) => connection)).size;
    const calls = group('a', 2);
    await eventually(() => expect(countConnections()).toBe(2));
    while (waiting.length > 0) reply();
    await results(calls);
    // A later answer can take it back.
    const last = send('b');
    await eventually(() => expect(waiting).toHaveLength(1));
    reply(undefined, answer);
    await last.result;
    const later = group('c', 2);
    await eventually(() => expect(countConnections()).toBe(2));
    while (waiting.length > 0) reply();
    await results(later);
  });

  test('no more calls are in flight than the pool may have connections', async () => {
    await openPipelined({ connections: 2 });
    const calls = group('a', 5);
    await arrive(['0:w', '0:a0', '0:a1']);
    expect(calls.map(({ isSent }) => isSent())).toEqual([true, true, false, false, false]);
    for (let answered = 0; answered < 5; answered += 1) {
      await eventually(() => expect(waiting.length).toBeGreaterThan(0));
      reply();
    }
    expect(await results(calls)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
  });

  test.each([
    ['says that it closes the connection', (body: string) => pipelined(body, 'connection: close\r\n')],
    ['sends more than its answer', (body: string) => `${pipelined(body, 'connection: close\r\n')}HTTP/1.1 `],
  ])('calls after an answer with which the server %s are sent again, alone', async (_what, make) => {
    await openPipelined();
    const calls = group('a', 3);
    await arrive(['0:w', '0:a0', '0:a1', '0:a2']);
    reply(0, make);
    expect(await calls[0]?.result).toBe('a0');
    await eventually(() =>
      expect(
        arrived
          .slice(4)
          .map((each) => each.slice(2))
          .sort(),
      ).toEqual(['a1', 'a2']),
    );
    expect(new Set(arrived.slice(4).map((each) => each.slice(0, 1)))).toEqual(new Set(['1', '2']));
    for (const connection of [1, 2]) reply(connection);
    expect(await results(calls)).toEqual(['a0', 'a1', 'a2']);
  });

  test.each([
    ['is reset', (socket: Socket) => socket.resetAndDestroy(), 'Error: read ECONNRESET'],
    ['ends', (socket: Socket) => socket.end(), 'Error: the connection was closed before the answer was complete'],
    [
      'has an invalid answer',
      (socket: Socket) => socket.write('SSH\r\n\r\n'),
      'HttpError: the answer has no valid status line',
    ],
  ] satisfies [string, (socket: Socket) => unknown, string][])(
    'when the connection %s, the call whose turn it is fails, and those after it are sent again',
    async (_what, end, error) => {
      await openPipelined();
      const calls = group('a', 3);
      await arrive(['0:w', '0:a0', '0:a1', '0:a2']);
      reply(0);
      expect(await calls[0]?.result).toBe('a0');
      end(sockets[0] as Socket);
      expect(await calls[1]?.result).toBe(error);
      await arrive(['0:w', '0:a0', '0:a1', '0:a2', '1:a2']);
      reply(1);
      expect(await results(calls)).toEqual(['a0', error, 'a2']);
    },
  );

  test('ending the call whose turn it is does not end those after it', async () => {
    await openPipelined();
    const calls = group('a', 3);
    await arrive(['0:w', '0:a0', '0:a1', '0:a2']);
    calls[2]?.abort('later');
    expect(await calls[2]?.result).toBe('Error: later');
    calls[0]?.abort('late');
    expect(await calls[0]?.result).toBe('Error: late');
    await arrive(['0:w', '0:a0', '0:a1', '0:a2', '1:a1']);
    reply(1);
    expect(await results(calls)).toEqual(['Error: late', 'a1', 'Error: later']);
  });

  test("a call that was ended before its turn disturbs no call before it, and its answer is nobody's", async () => {
    await openPipelined();
    const calls = group('a', 3);
    await arrive(['0:w', '0:a0', '0:a1', '0:a2']);
    calls[1]?.abort('late');
    reply(0);
    reply(0);
    expect(await calls[0]?.result).toBe('a0');
    await eventually(() => expect(arrived).toContain('1:a2'));
    reply(1);
    expect(await results(calls)).toEqual(['a0', 'Error: late', 'a2']);
    expect(sockets[0]?.destroyed).toBe(true);
  });

  test('closing waits for all of them', async () => {
    await openPipelined();
    const calls = group('a', 2);
    await arrive(['0:w', '0:a0', '0:a1']);
    const closed = pool.close();
    reply(0);
    reply(0);
    expect(await results(calls)).toEqual(['a0', 'a1']);
    await closed;
  });
});
