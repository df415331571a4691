import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@shop/testing';
import { SubgraphClient, type SubgraphClientOptions } from './subgraph-client.ts';

let server: Server;
let client: SubgraphClient;
/** Bodies that reached the subgraph. */
let received: string[];

async function open(listener: RequestListener, options: Partial<SubgraphClientOptions> = {}): Promise<void> {
  received = [];
  server = createServer(async (request, response) => {
    if (request.url === '/health/live') return void response.end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push(Buffer.concat(chunks).toString('utf8'));
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SubgraphClient({
    name: 'product',
    urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
    timeoutMs: 60_000,
    ...options,
  });
}

afterEach(async () => {
  server.closeAllConnections();
  // One test closes the client itself.
  await client.close().catch(() => undefined);
  await new Promise((resolve) => server.close(resolve));
});

const post = (body: string) => client.postGraphQL(body, { 'content-type': 'application/json' });
const findReason = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error: { reason?: string }) => error.reason,
  );

test('a call that waits too long for a connection times out, and is not sent afterwards', async () => {
  await open((_request, response) => void (received.at(-1) === 'fine' && response.end('ok')), {
    connections: 1,
    timeoutMs: 2_000,
  });
  const started = performance.now();
  const calls = ['silent', 'late', 'later'].map((body) => findReason(post(body)));
  await eventually(() => expect(received).toEqual(['silent']));
  // Block until all calls are late. With pauses, the second call could be sent before its timeout.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_100);
  expect(await Promise.all(calls)).toEqual(['timeout', 'timeout', 'timeout']);
  // In sequence, the calls would have taken three times as long.
  expect(performance.now() - started).toBeLessThan(5_500);
  // The client closes the connection of the silent call and opens another.
  await expect(post('fine')).resolves.toMatchObject({ status: 200, text: 'ok' });
  expect(received).toEqual(['silent', 'fine']);
});

test('a character that arrives in two chunks is decoded as one', async () => {
  const [first, second] = [Buffer.from('"€').subarray(0, 2), Buffer.from('"€').subarray(2)];
  await open((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .write(first, () => setImmediate(() => response.write(second, () => setImmediate(() => response.end('"')))));
  });
  await expect(post('')).resolves.toEqual({
    status: 200,
    contentType: 'application/json',
    text: '"€"',
    isConforming: false,
  });
});

test('early hints are ignored, and an empty answer is accepted', async () => {
  await open((_request, response) => {
    response.writeEarlyHints(
      { link: '</style.css>; rel=preload', 'content-type': 'text/html' },
      () => void response.writeHead(204).end(),
    );
  });
  await expect(post('')).resolves.toEqual({ status: 204, contentType: '', text: '', isConforming: false });
});

test('an answer may have exactly the allowed size, and not one byte more', async () => {
  await open((_request, response) => void response.end('x'.repeat(Number(received.at(-1)))), {
    maxAnswerBytes: 100_000,
  });
  await expect(post('100000')).resolves.toMatchObject({ status: 200, text: 'x'.repeat(100_000) });
  await expect(findReason(post('100001'))).resolves.toBe('too-large');
});

test('concurrent calls each get their own answer', async () => {
  await open(
    (_request, response) => {
      const body = received.at(-1);
      setTimeout(() => response.end(body), Math.random() * 20);
    },
    { connections: 8 },
  );
  const bodies = Array.from({ length: 200 }, (_, number) => `call ${number}`);
  const answers = await Promise.all(bodies.map(post));
  expect(answers.map(({ text }) => text)).toEqual(bodies);
});

test('closing waits for the call in flight, and later calls fail', async () => {
  await open((_request, response) => void setTimeout(() => response.end('done'), 50));
  const inFlight = post('');
  const closed = client.close();
  await expect(inFlight).resolves.toMatchObject({ text: 'done' });
  await closed;
  await expect(findReason(post(''))).resolves.toBe('connection');
});

const dated = (aheadMs: number, body: object): RequestListener => {
  return (_request, response) => {
    response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
    response.end(JSON.stringify(body));
  };
};

test.each([-300_000, 300_000])('the state of a subgraph says that its clock is %d ms ahead', async (aheadMs) => {
  await open(dated(aheadMs, { status: 'ready', checks: { database: { status: 'up' } } }));
  const { clockDifferenceMs = {}, ...state } = await client.readState(5_000);
  expect(state).toEqual({ status: 'up' });
  // Half of the round trip and of the second that the header cuts off remain unknown.
  expect(Math.abs((clockDifferenceMs['gateway'] ?? 0) - aheadMs)).toBeLessThan(5_000);
});

test('the state of a subgraph passes on the difference to its database, and none that is small', async () => {
  await open(dated(3_000, { status: 'ready', checks: {}, clockDifferenceMs: { database: -60_000 } }));
  expect(await client.readState(5_000)).toEqual({ status: 'up', clockDifferenceMs: { database: -60_000 } });
});
