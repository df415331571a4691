import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { eventually } from '@shop/testing';
import { SubgraphClient, type SubgraphClientOptions } from './subgraph-client.ts';

let server: Server;
let port = 0;
let client: SubgraphClient;
/** Operations that reached the subgraph. Probes are not in the list. */
let received: string[] = [];
let probes = 0;

async function start(listener: RequestListener): Promise<void> {
  server = createServer(async (request, response) => {
    if (request.url === '/health/live') {
      probes += 1;
      return void response.end();
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push(Buffer.concat(chunks).toString('utf8'));
    listener(request, response);
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo);
}

async function stop(): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function connect(options: Partial<SubgraphClientOptions> = {}): void {
  const urls = [`http://127.0.0.1:${port}`];
  client = new SubgraphClient({ name: 'product', urls, timeoutMs: 20_000, maxAwayMs: 15_000, ...options });
}

const ok: RequestListener = (_request, response) => void response.end('ok');
const hangUp: RequestListener = (request) => void request.socket.destroy();

/** The text of the answer, or the reason why there is none. */
const post = (body: string, isRepeatable = () => false) =>
  client.postGraphQL(body, { 'content-type': 'application/json' }, { isRepeatable }).then(
    ({ text }) => text,
    (error: { reason?: string }) => error.reason,
  );

beforeEach(() => {
  port = 0;
  received = [];
  probes = 0;
});
afterEach(async () => {
  await client.close();
  if (server.listening) await stop();
});

test('a call that cannot be sent waits until the subgraph is back, even if it is not repeatable', async () => {
  await start(ok);
  connect();
  await stop();
  const calls = Array.from({ length: 50 }, (_, number) => post(`call ${number}`));
  await start(ok);
  expect(await Promise.all(calls)).toEqual(calls.map(() => 'ok'));
  expect(new Set(received).size).toBe(50);
  expect(received).toHaveLength(50);
});

test('a repeatable call is sent again when its connection breaks before the answer', async () => {
  await start((request, response) => (received.length === 1 ? hangUp : ok)(request, response));
  connect();
  expect(await post('read', () => true)).toBe('ok');
  expect(received).toEqual(['read', 'read']);
});

test('a call that is not repeatable is never sent twice', async () => {
  await start(hangUp);
  connect();
  expect(await post('write')).toBe('connection');
  expect(received).toEqual(['write']);
});

test('a call is not sent again once its answer has begun', async () => {
  await start((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{', () => response.destroy());
  });
  connect();
  expect(await post('read', () => true)).toBe('connection');
  expect(received).toEqual(['read']);
});

test('a call that breaks each connection is sent three times at most', async () => {
  await start(hangUp);
  connect();
  expect(await post('read', () => true)).toBe('connection');
  expect(received).toEqual(['read', 'read', 'read']);
});

test('a subgraph that stays away is down: calls fail at once, until a probe finds it again', async () => {
  await start(ok);
  connect({ maxAwayMs: 300 });
  await stop();
  expect(await post('first')).toBe('connection');
  const before = performance.now();
  for (let call = 0; call < 1_000; call += 1) expect(await post('while down')).toBe('connection');
  // One waiting call would take 300 ms, a thousand of them five minutes.
  expect(performance.now() - before).toBeLessThan(60_000);
  await start(ok);
  await eventually(async () => expect(await post('back')).toBe('ok'));
  expect(probes).toBe(1);
  expect(received.every((body) => body === 'back')).toBe(true);
});

test('a request that is malformed fails at once, and does not count as an outage', async () => {
  await start(ok);
  connect();
  const malformed = client.postGraphQL('', { 'x-header': 'a\nb' });
  await expect(malformed).rejects.toMatchObject({ reason: 'connection', progress: 'unsent' });
  expect(await post('next')).toBe('ok');
  expect(probes).toBe(0);
});

test('an address that refuses connections is skipped when the name has another', async () => {
  await start(ok);
  // Nothing listens on the first address.
  const lookup: LookupFunction = (_name, _options, callback) =>
    callback(
      null,
      ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 })),
    );
  connect({ urls: [`http://product.test:${port}`], lookup });
  expect(await Promise.all(Array.from({ length: 20 }, () => post('call')))).toEqual(Array(20).fill('ok'));
});
