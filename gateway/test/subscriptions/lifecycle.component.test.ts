import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect, type Socket } from 'node:net';
import { createCertificate, eventually, temporaryDirectory, writeCertificate } from '@shop/testing';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { hashOperation } from '../../src/persisted-operations/read-manifests.ts';
import { execute } from '../system.ts';
import { BodyReader, findStream, startLiveSystem, watch, type LiveSystem, type TestStream } from './live-system.ts';

const systems: LiveSystem[] = [];
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  await Promise.all(systems.splice(0).map((system) => system.close()));
});

async function start(...args: Parameters<typeof startLiveSystem>): Promise<LiveSystem> {
  const system = await startLiveSystem(...args);
  systems.push(system);
  return system;
}

const post = (system: LiveSystem, id: string, headers: Record<string, string> = {}, body: object = { query: watch }) =>
  fetch(`${system.gateway.url}/graphql`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ variables: { id }, ...body }),
  });

async function openSocket(system: LiveSystem, options: { autoPong?: boolean } = {}): Promise<WebSocket> {
  const url = `${system.gateway.url.replace('http', 'ws')}/graphql`;
  const socket = new WebSocket(url, 'graphql-transport-ws', options);
  cleanUps.push(() => socket.terminate());
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  return socket;
}

const subscribe = (socket: WebSocket, id: string) =>
  socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query: watch, variables: { id } } }));

describe('a gateway that closes', () => {
  test('ends all streams at once, closes sockets with 1012, and waits for nobody', async () => {
    const system = await startLiveSystem();
    const sse = new BodyReader(await post(system, 'sse'));
    const multipart = new BodyReader(
      await post(system, 'multipart', { accept: 'multipart/mixed;subscriptionSpec=1.0' }),
    );
    const socket = await openSocket(system);
    const idle = await openSocket(system);
    subscribe(socket, 'socket');
    const streams = await Promise.all(['sse', 'multipart', 'socket'].map((id) => findStream(system, id)));
    const codes = Promise.all([once(socket, 'close'), once(idle, 'close')]);
    await system.close();
    expect(streams.map(({ ending }) => ending)).toEqual(['restart', 'restart', 'restart']);
    expect(await sse.untilEnd()).toBe(':\n\n');
    expect(await multipart.untilEnd()).toMatch(/SUBSCRIPTION_RESTART.*\r\n--graphql--\r\n$/s);
    expect((await codes).map(([code]) => code as number)).toEqual([1012, 1012]);
    // Nothing was destroyed by force.
    expect(system.lines.filter(({ msg }) => /destroyed/.test(String(msg)))).toEqual([]);
  });

  test('lets requests in flight finish, and opens no more streams', async () => {
    const system = await startLiveSystem({ config: { shutdownDelayMs: 1_000 } });
    const reader = new BodyReader(await post(system, 'first'));
    const stream = await findStream(system, 'first');
    const closing = system.close();
    // Load balancers have not noticed yet: streams go on.
    expect((await execute(system.gateway.url, '{ subscriptionCount }')).data).toEqual({ subscriptionCount: 3 });
    expect(stream.ending).toBeUndefined();
    await closing;
    expect(stream.ending).toBe('restart');
    await reader.untilEnd();
  });
});

test('a supergraph that is replaced ends its streams, and waits for none of them', async () => {
  const directory = await temporaryDirectory();
  cleanUps.push(() => directory.remove());
  const file = path.join(directory.path, 'supergraph.graphql');
  const system = await start({ follow: { file, intervalMs: 600_000, settleMs: 1 } });
  const reader = new BodyReader(await post(system, 'replaced'));
  const socket = await openSocket(system);
  subscribe(socket, 'on socket');
  const closed = once(socket, 'close');
  await findStream(system, 'replaced');
  await findStream(system, 'on socket');
  writeFileSync(file, `${system.sdl}\n# another\n`);
  await system.gateway.reload();
  expect(await reader.untilEnd()).toBe(':\n\n');
  expect((await closed)[0]).toBe(1012);
  await eventually(async () => expect(await system.readMetric('shop_gateway_supergraphs')).toBe(1));
  const again = new BodyReader(await post(system, 'replaced'));
  (await findStream(system, 'replaced')).push('PENDING');
  expect(await again.until('PENDING')).toContain('event: next');
  await again.cancel();
});

test('a stream is no operation in flight, and one line with its start', async () => {
  const system = await start();
  const reader = new BodyReader(await post(system, 'line'));
  const stream = await findStream(system, 'line');
  await eventually(() =>
    expect(system.lines.filter(({ msg, operation }) => msg === 'request' && operation === 'Watch')).toMatchObject([
      { type: 'subscription', status: 200, outcome: 'ok' },
    ]),
  );
  expect(await system.readMetric('shop_gateway_operations_in_flight')).toBe(0);
  expect(await system.readMetric('shop_http_request_duration_seconds_count{route="/graphql",status="200"}')).toBe(1);
  expect(await system.readMetric('shop_gateway_subscriptions_open{transport="sse"}')).toBe(1);
  expect(await system.readMetric('shop_gateway_subscriptions_clients')).toBe(1);
  stream.push('PENDING');
  await reader.until('PENDING');
  stream.end('complete');
  await reader.untilEnd();
  await eventually(async () =>
    expect(await system.readMetric('shop_gateway_subscriptions_open{transport="sse"}')).toBe(0),
  );
  expect(await system.readMetric('shop_gateway_subscriptions_messages_total{transport="sse"}')).toBe(1);
  expect(await system.readMetric('shop_gateway_subscriptions_ended_total{transport="sse",ending="complete"}')).toBe(1);
  // The end of the stream adds neither a line nor a duration.
  expect(await system.readMetric('shop_http_request_duration_seconds_count{route="/graphql",status="200"}')).toBe(1);
  expect(system.lines.filter(({ msg, operation }) => msg === 'request' && operation === 'Watch')).toHaveLength(1);
});

describe('limits', () => {
  test('a client with too many subscriptions is refused with 429 until one has ended', async () => {
    const system = await start({ config: { subscriptions: { perConnection: 50, perClient: 1, max: 50 } } });
    const reader = new BodyReader(await post(system, 'one'));
    const stream = await findStream(system, 'one');
    const refused = await post(system, 'two');
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      {
        errors: [
          {
            message: expect.stringContaining('1 subscriptions'),
            extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit: 1 },
          },
        ],
      },
    ]);
    expect(system.findOpen('two')).toEqual([]);
    await reader.cancel();
    await eventually(() => expect(stream.ending).toBe('closed'));
    await eventually(async () => expect((await post(system, 'two')).status).toBe(200));
  });

  test('the operations of a socket are bounded, and the others go on', async () => {
    const system = await start({ config: { subscriptions: { perConnection: 2, perClient: 50, max: 50 } } });
    const socket = await openSocket(system);
    const messages: { id: string; type: string; payload: { extensions: { code: string } }[] }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data)) as (typeof messages)[number]));
    subscribe(socket, 'one');
    subscribe(socket, 'two');
    await findStream(system, 'one');
    await findStream(system, 'two');
    subscribe(socket, 'three');
    await eventually(() => expect(messages).toHaveLength(1));
    expect([messages[0]?.id, messages[0]?.type, messages[0]?.payload[0]?.extensions.code]).toEqual([
      'three',
      'error',
      'TOO_MANY_SUBSCRIPTIONS',
    ]);
    expect(system.findOpen('one')).toHaveLength(1);
    socket.send('{"type":"complete","id":"one"}');
    await eventually(() => expect(system.findOpen('one')).toHaveLength(0));
    subscribe(socket, 'four');
    await findStream(system, 'four');
  });

  test('the rate limit counts operations of sockets and subscriptions', async () => {
    const system = await start({ config: { rateLimit: { points: 3 } } });
    const socket = await openSocket(system);
    const messages: { type: string; payload?: { extensions?: { code: string } }[] }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data)) as (typeof messages)[number]));
    for (let n = 0; n < 10; n += 1)
      socket.send(JSON.stringify({ type: 'subscribe', id: `q${n}`, payload: { query: '{ subscriptionCount }' } }));
    await eventually(() => expect(messages.filter(({ type }) => type === 'error').length).toBeGreaterThan(5));
    expect(messages.find(({ type }) => type === 'error')?.payload?.[0]?.extensions?.code).toBe('RATE_LIMITED');
    const refused = await post(system, 'limited');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  });
});

describe('a client that does not read', () => {
  const stallTimeout = 1_500;
  const large = (id: string) => JSON.stringify({ data: { orderUpdated: { id, status: 'x'.repeat(4 * 1024 * 1024) } } });
  const stalled = () => start({ config: { connections: { maxConnections: 100, stallTimeout } } });

  /** Pushes states all the time, until the stream has ended. */
  async function flood(stream: TestStream): Promise<number> {
    let pushed = 0;
    await eventually(
      () => {
        stream.pushJson(large(stream.id));
        pushed += 1;
        expect(stream.ending).toBeDefined();
      },
      { timeoutMs: 30_000 },
    );
    return pushed;
  }

  function openDeaf(system: LiveSystem, request: string): Socket {
    const socket = connect(Number(new URL(system.gateway.url).port), '127.0.0.1').pause();
    cleanUps.push(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.write(request);
    return socket;
  }

  test('of events is cut after the time of a stall, and only a few messages were taken for it', async () => {
    const system = await stalled();
    const body = JSON.stringify({ query: watch, variables: { id: 'deaf' } });
    openDeaf(
      system,
      [
        'POST /graphql HTTP/1.1',
        'host: shop',
        'accept: text/event-stream',
        'content-type: application/json',
        `content-length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
    const stream = await findStream(system, 'deaf');
    const pushed = await flood(stream);
    expect(stream.ending).toBe('slow');
    expect(stream.taken).toBeLessThan(6);
    expect(pushed).toBeGreaterThan(stream.taken);
    expect(await system.readMetric('shop_gateway_subscriptions_ended_total{transport="sse",ending="slow"}')).toBe(1);
  });

  test('of a socket is cut after the time of a stall', async () => {
    const system = await stalled();
    const socket = await openSocket(system);
    subscribe(socket, 'deaf');
    const stream = await findStream(system, 'deaf');
    socket.pause();
    await flood(stream);
    expect(stream.ending).toBe('slow');
    expect(stream.taken).toBeLessThan(6);
    expect(await system.readMetric('shop_gateway_subscriptions_ended_total{transport="websocket",ending="slow"}')).toBe(
      1,
    );
  });

  test('for a while gets the newest state when it reads again', async () => {
    const system = await start();
    const socket = await openSocket(system);
    const seen: string[] = [];
    socket.on('message', (data) => seen.push(/"status":"(.{0,8})/.exec(String(data))?.[1] ?? String(data)));
    subscribe(socket, 'pauses');
    const stream = await findStream(system, 'pauses');
    socket.pause();
    // More than the kernel takes for the connection.
    stream.pushJson(large('pauses'));
    await eventually(() => expect(stream.taken).toBe(1));
    stream.pushJson(large('pauses'));
    for (let n = 0; n < 100; n += 1) stream.push(`STATE${n}`);
    socket.resume();
    await eventually(() => expect(seen.at(-1)).toBe('STATE99"'));
    expect(seen.length).toBeLessThanOrEqual(3);
  });
});

describe('while nothing happens', () => {
  const pinging = () => start({ config: { streamPingMs: 100 } });

  test.each([
    ['events', 'text/event-stream', ':\n\n:\n\n:\n\n'],
    [
      'parts',
      'multipart/mixed;subscriptionSpec=1.0',
      `{}\r\n--graphql\r\ncontent-type: application/json; charset=utf-8\r\n\r\n{}`,
    ],
  ])('a stream of %s has pings', async (_name, accept, pings) => {
    const body = new BodyReader(await post(await pinging(), 'quiet', { accept }));
    await body.until(pings);
    await body.cancel();
  });

  test('a socket is pinged, and stays open while its client answers', async () => {
    const socket = await openSocket(await pinging());
    for (let pings = 0; pings < 5; pings += 1) await once(socket, 'ping');
    expect(socket.readyState).toBe(socket.OPEN);
  });

  test('a socket whose client does not answer is cut, and its streams end', async () => {
    const system = await pinging();
    const socket = await openSocket(system, { autoPong: false });
    const pings: unknown[] = [];
    socket.on('ping', (data) => pings.push(data));
    const closed = once(socket, 'close');
    subscribe(socket, 'dead');
    const stream = await findStream(system, 'dead');
    // No close frame: the connection itself ends.
    expect((await closed)[0]).toBe(1006);
    await eventually(() => expect(stream.ending).toBe('closed'));
    expect(pings.length).toBeGreaterThanOrEqual(2);
  });
});

describe('persisted operations', () => {
  test('a subscription is opened by its hash over each transport, and no other one', async () => {
    const directory = await temporaryDirectory();
    cleanUps.push(() => directory.remove());
    const file = path.join(directory.path, 'manifest.json');
    const id = hashOperation(watch);
    writeFileSync(
      file,
      JSON.stringify({
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id, name: 'Watch', type: 'subscription', body: watch }],
      }),
    );
    const system = await start({
      config: { persistedOperations: { mode: 'enforce', files: [file] }, isProduction: true },
    });
    const extensions = { persistedQuery: { version: 1, sha256Hash: id } };
    const byHash = new BodyReader(await post(system, 'hash', {}, { extensions }));
    (await findStream(system, 'hash')).end('complete');
    expect(await byHash.untilEnd()).toContain('event: complete');
    const search = new URLSearchParams({ extensions: JSON.stringify(extensions), variables: '{"id":"get"}' });
    const byGet = new BodyReader(
      await fetch(`${system.gateway.url}/graphql?${search}`, { headers: { accept: 'text/event-stream' } }),
    );
    (await findStream(system, 'get')).end('complete');
    expect(await byGet.untilEnd()).toContain('event: complete');
    const client = createClient({
      url: `${system.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    cleanUps.push(() => client.dispose());
    const results = client.iterate({ query: '', variables: { id: 'socket' }, extensions });
    const first = results.next();
    (await findStream(system, 'socket')).push('PENDING');
    expect((await first).value?.data).toMatchObject({ orderUpdated: { status: 'PENDING' } });
    const refused = await post(system, 'other', {}, { query: `${watch} # other` });
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'QUERY_NOT_IN_SAFELIST' } }] },
    ]);
    expect(system.findOpen('other')).toEqual([]);
  });
});

test('over HTTP/2, many streams share a connection, which has the limit of one', async () => {
  const directory = await temporaryDirectory();
  cleanUps.push(() => directory.remove());
  const certificate = await createCertificate();
  const tls = await writeCertificate(directory.path, certificate);
  const system = await start({ config: { tls, subscriptions: { perConnection: 2, perClient: 50, max: 50 } } });
  const session: ClientHttp2Session = connectHttp2(system.gateway.url, {
    ca: certificate.cert,
    servername: 'localhost',
  });
  cleanUps.push(() => session.destroy());
  const open = async (id: string) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/graphql',
      accept: 'text/event-stream',
      'content-type': 'application/json',
    });
    const seen = { text: '', status: 0, hasEnded: false };
    stream.on('data', (chunk) => (seen.text += String(chunk))).once('end', () => (seen.hasEnded = true));
    stream.end(JSON.stringify({ query: watch, variables: { id } }));
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    seen.status = Number(headers[':status']);
    return seen;
  };
  const one = await open('one');
  const two = await open('two');
  expect((await open('three')).status).toBe(429);
  (await findStream(system, 'one')).push('PENDING');
  await eventually(() => expect(one.text).toContain('PENDING'));
  (await findStream(system, 'two')).end('complete');
  await eventually(() => expect([two.hasEnded, two.text.endsWith('event: complete\ndata:\n\n')]).toEqual([true, true]));
  expect(one.hasEnded).toBe(false);
  // WebSockets use HTTP/1.1 on the same port.
  const socket = new WebSocket(`${system.gateway.url.replace('https', 'wss')}/graphql`, 'graphql-transport-ws', {
    ca: certificate.cert,
  });
  await once(socket, 'open');
  socket.terminate();
});
