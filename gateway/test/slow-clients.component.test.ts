import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '@shop/testing';
import { chooseSize } from '@shop/testing/config';
import { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

/** More than the kernel buffers for one connection, so that a client which does not read stops the server's writes. */
const description = 'x'.repeat(8 * 1024 * 1024);
const stallTimeout = 3_000;

let system: System;
/** The products that the subgraph has resolved. */
let resolved = 0;
const clients: Socket[] = [];

/** The gateway's ends of the connections. */
const accepted = new Set<Socket>();
const onAccepted = (message: unknown): void => {
  const { socket } = message as { socket: Socket };
  if (String(socket.localPort) === new URL(system.gateway.url).port) accepted.add(socket);
};
const countOpen = () => [...accepted].filter((socket) => !socket.destroyed).length;
const bufferedBytes = () => [...accepted].reduce((sum, { writableLength }) => sum + writableLength, 0);

beforeAll(async () => {
  const product = () => {
    resolved += 1;
    return { id: '1', name: 'Lamp', description };
  };
  system = await startSystem(
    { ...testResolvers, product: { ...testResolvers.product, Query: { product } } },
    {
      config: {
        subgraphTimeoutMs: 60_000,
        subgraphAnswerBytes: 2 * description.length,
        connections: { maxConnections: 1_000, stallTimeout },
      },
    },
  );
  subscribe('net.server.socket', onAccepted);
});
afterEach(() => {
  for (const socket of clients.splice(0)) socket.destroy();
  accepted.clear();
  resolved = 0;
});
afterAll(async () => {
  unsubscribe('net.server.socket', onAccepted);
  await system.close();
});

const body = JSON.stringify({ query: '{ product(id: "1") { description } }' });
const request = [
  'POST /graphql HTTP/1.1',
  'host: shop',
  'content-type: application/json',
  `content-length: ${body.length}`,
  '',
  body,
].join('\r\n');

/** Opens a connection on which nothing is read. */
async function openDeafConnection(url = system.gateway.url): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  clients.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Each round ends with the memory of its clients free again. */
const rounds = chooseSize({ short: 1, long: 20 });

test.each(Array.from({ length: rounds }, (_, round) => round + 1))(
  'a client that never reads makes the gateway keep one answer, and is cut off: round %d',
  async () => {
    for (let client = 0; client < 10; client += 1) (await openDeafConnection()).write(request.repeat(40));
    await eventually(() => expect(accepted.size).toBe(10));
    await eventually(() => expect(countOpen()).toBe(0));
    await eventually(() => expect(bufferedBytes()).toBe(0));
    // The other 390 requests were never executed.
    expect(resolved).toBeGreaterThan(0);
    expect(resolved).toBeLessThanOrEqual(10);
    expect((await execute(system.gateway.url, '{ whoami }')).status).toBe(200);
  },
  180_000,
);

test('a client that reads slowly gets its whole answer', async () => {
  const socket = await openDeafConnection();
  socket.write(request);
  let bytes = 0;
  // Each pause is shorter than the timeout, and all of them together are longer.
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    socket.pause();
    setTimeout(() => socket.resume(), 30);
  });
  const started = performance.now();
  socket.resume();
  await eventually(() => expect(bytes).toBeGreaterThan(description.length), { timeoutMs: 120_000 });
  expect(performance.now() - started).toBeGreaterThan(stallTimeout);
});

test('the requests of one connection are all answered, in their order', async () => {
  const socket = await openDeafConnection();
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk).replace(/x+/g, ''))).resume();
  socket.write(request.repeat(5) + request.replace('POST', 'DELETE'));
  await eventually(() => expect(text.match(/^HTTP\/1.1 \d+/gm)).toHaveLength(6));
  expect(text.match(/^HTTP\/1.1 \d+/gm)?.map((line) => line.slice(9))).toEqual([
    '200',
    '200',
    '200',
    '200',
    '200',
    '405',
  ]);
  expect(resolved).toBe(5);
});

test('connections over the limit are closed, and a place becomes free when one ends', async () => {
  const connections = { maxConnections: 2, stallTimeout: 60_000 };
  const small = await startSystem(testResolvers, { config: { connections } });
  const { url } = small.gateway;
  try {
    const [first] = [await openDeafConnection(url), await openDeafConnection(url)];
    const further = (await openDeafConnection(url)).resume();
    await eventually(() => expect(further.destroyed).toBe(true));
    await expect(execute(url, '{ whoami }')).rejects.toThrow();
    first.destroy();
    await eventually(async () => expect((await execute(url, '{ whoami }')).status).toBe(200));
  } finally {
    await small.close();
  }
});

test('a request whose headers are too large is refused', async () => {
  const socket = await openDeafConnection();
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk))).resume();
  socket.write(`GET / HTTP/1.1\r\nhost: shop\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`);
  await eventually(() => expect(text).toMatch(/^HTTP\/1.1 431/));
});
