import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { eventually } from '@shop/testing';
import { Client as UrqlClient, subscriptionExchange } from '@urql/core';
import { createClient, type Client, type ClientOptions } from 'graphql-ws';
import { WebSocket } from 'ws';
import { signAccessToken } from '../keys.ts';
import { findStream, startLiveSystem, watch, type LiveSystem } from './live-system.ts';

let system: LiveSystem;
let url: string;
const opened: WebSocket[] = [];
const clients: Client[] = [];
beforeAll(async () => {
  system = await startLiveSystem();
  url = `${system.gateway.url.replace('http', 'ws')}/graphql`;
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.terminate();
  for (const client of clients.splice(0)) void client.dispose();
  await eventually(async () => expect(await system.readMetric('shop_gateway_subscriptions_sockets')).toBe(0));
});
afterAll(() => system.close());

interface Peer {
  readonly socket: WebSocket;
  /** The messages of the gateway. */
  readonly received: { type: string; id?: string; payload?: unknown }[];
  send(message: object | string): void;
  /** The code and the reason of the close. */
  readonly closed: Promise<[number, string]>;
}

async function open(
  headers: Record<string, string> = {},
  protocol: string | string[] = 'graphql-transport-ws',
): Promise<Peer> {
  const socket = new WebSocket(url, protocol, { headers });
  opened.push(socket);
  const received: Peer['received'] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data)) as Peer['received'][number]));
  const closed = once(socket, 'close').then(([code, reason]) => [code as number, String(reason)] as [number, string]);
  await once(socket, 'open');
  return {
    socket,
    received,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

async function openReady(payload?: object, headers?: Record<string, string>): Promise<Peer> {
  const peer = await open(headers);
  peer.send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) });
  await eventually(() => expect(peer.received).toEqual([{ type: 'connection_ack' }]));
  peer.received.length = 0;
  return peer;
}

const subscribe = (peer: Peer, id: string, variables: object = { id }, query = watch) =>
  peer.send({ type: 'subscribe', id, payload: { query, variables } });

function createTestClient(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url, webSocketImpl: WebSocket, retryWait: async () => undefined, ...options });
  clients.push(client);
  return client;
}

const token = (claims: Record<string, unknown> = {}) => signAccessToken(system.accessKey, claims);
const order = (id: string, status: string) => ({ data: { orderUpdated: { __typename: 'Order', id, status } } });

describe('the protocol', () => {
  test('messages, the end of a stream, queries and mutations pass over one socket', async () => {
    const peer = await openReady();
    subscribe(peer, 'one');
    const stream = await findStream(system, 'one');
    stream.push('PENDING');
    await eventually(() =>
      expect(peer.received).toEqual([{ id: 'one', type: 'next', payload: order('one', 'PENDING') }]),
    );
    subscribe(peer, 'q', {}, '{ subscriptionCount }');
    subscribe(peer, 'm', {}, 'mutation { placeOrder { id } }');
    await eventually(() => expect(peer.received).toHaveLength(5));
    expect(peer.received.filter(({ id }) => id === 'q')).toEqual([
      { id: 'q', type: 'next', payload: { data: { subscriptionCount: 3 } } },
      { id: 'q', type: 'complete' },
    ]);
    expect(peer.received.filter(({ id }) => id === 'm')).toEqual([
      { id: 'm', type: 'next', payload: { data: { placeOrder: { id: '1' } } } },
      { id: 'm', type: 'complete' },
    ]);
    stream.end('complete');
    await eventually(() => expect(peer.received.at(-1)).toEqual({ id: 'one', type: 'complete' }));
  });

  test('the client ends a stream, and the socket stays', async () => {
    const peer = await openReady();
    subscribe(peer, 'ends');
    const stream = await findStream(system, 'ends');
    peer.send({ type: 'complete', id: 'ends' });
    await eventually(() => expect(stream.ending).toBe('closed'));
    peer.send({ type: 'ping' });
    await eventually(() => expect(peer.received).toEqual([{ type: 'pong' }]));
  });

  test('a client that leaves ends its streams', async () => {
    const peer = await openReady();
    subscribe(peer, 'left');
    subscribe(peer, 'left too');
    const streams = [await findStream(system, 'left'), await findStream(system, 'left too')];
    peer.socket.terminate();
    await eventually(() => expect(streams.map(({ ending }) => ending)).toEqual(['closed', 'closed']));
  });

  test('errors of an operation that was not executed are an error message', async () => {
    const peer = await openReady();
    subscribe(peer, 'wrong', {}, 'subscription { nothing }');
    subscribe(peer, 'broken', { id: 'broken' });
    await eventually(() => expect(peer.received).toHaveLength(2));
    const codes = Object.fromEntries(
      peer.received.map(({ id, type, payload }) => [
        id,
        [type, (payload as { extensions: { code: string } }[])[0]?.extensions.code],
      ]),
    );
    expect(codes).toEqual({
      wrong: ['error', 'GRAPHQL_VALIDATION_FAILED'],
      broken: ['error', 'INTERNAL_SERVER_ERROR'],
    });
    expect(JSON.stringify(peer.received)).not.toContain('hunter2');
    expect(peer.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('each operation has its own line in the log and its own request id', async () => {
    const peer = await openReady();
    subscribe(peer, 'line', {}, 'query OnSocket { subscriptionCount }');
    subscribe(peer, 'streamed', { id: 'streamed' });
    await findStream(system, 'streamed');
    const lines = () =>
      system.lines.filter(
        ({ msg, operation }) => msg === 'request' && ['OnSocket', 'Watch'].includes(String(operation)),
      );
    await eventually(() =>
      expect(lines()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ operation: 'OnSocket', type: 'query', status: 200, outcome: 'ok' }),
          expect.objectContaining({ operation: 'Watch', type: 'subscription', status: 200, outcome: 'ok' }),
        ]),
      ),
    );
    const ids = lines().map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the socket is closed', () => {
  test.each([
    ['text that is no JSON', 'x', 4400],
    ['a type that does not exist', { type: 'nothing' }, 4400],
    ['a message of servers', { type: 'next', id: '1', payload: {} }, 4400],
    [
      'an operation before connection_init',
      { type: 'subscribe', id: '1', payload: { query: '{ subscriptionCount }' } },
      4401,
    ],
  ])('with its code after %s', async (_name, message, code) => {
    const peer = await open();
    peer.send(message);
    expect((await peer.closed)[0]).toBe(code);
  });

  test('after bytes', async () => {
    const peer = await open();
    peer.socket.send(Buffer.from([1, 2]));
    expect((await peer.closed)[0]).toBe(4400);
  });

  test('after a message that is larger than a request may be', async () => {
    const peer = await openReady();
    peer.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(1024 * 1024) } }));
    expect((await peer.closed)[0]).toBe(1009);
  });

  test('after a second connection_init and after a second operation of one id', async () => {
    const twice = await openReady();
    twice.send({ type: 'connection_init' });
    expect((await twice.closed)[0]).toBe(4429);
    const peer = await openReady();
    subscribe(peer, 'same');
    subscribe(peer, 'same');
    expect((await peer.closed)[0]).toBe(4409);
  });

  test('without connection_init', async () => {
    const peer = await open();
    expect(await peer.closed).toEqual([4408, 'Connection initialisation timeout']);
  });

  test('for a client without the subprotocol', async () => {
    const peer = await open({}, []);
    expect((await peer.closed)[0]).toBe(4406);
  });

  test('with 1012 when a stream restarts, and with 4403 when its token ended', async () => {
    const restarted = await openReady();
    subscribe(restarted, 'restarts');
    (await findStream(system, 'restarts')).end('restart');
    expect((await restarted.closed)[0]).toBe(1012);
    const ended = await openReady();
    subscribe(ended, 'expires');
    (await findStream(system, 'expires')).end('unauthenticated');
    expect(await ended.closed).toEqual([4403, expect.stringContaining('expired')]);
    expect(ended.received).toEqual([]);
  });

  test('without a code when a stream is too slow, since no code would arrive', async () => {
    const peer = await openReady();
    subscribe(peer, 'slow');
    (await findStream(system, 'slow')).end('slow');
    expect((await peer.closed)[0]).toBe(1006);
  });
});

describe('the caller', () => {
  test.each([
    ['the parameter Authorization', (bearer: string) => [{ Authorization: bearer }, {}]],
    ['the parameter authorization', (bearer: string) => [{ authorization: bearer }, {}]],
    ['the header of the upgrade', (bearer: string) => [undefined, { authorization: bearer }]],
  ])('is known by %s', async (_name, prepare) => {
    const exp = Math.floor(Date.now() / 1000) + 600;
    const [payload, headers] = prepare(`Bearer ${await token({ sub: 'u7', exp })}`);
    const peer = await openReady(payload, headers as Record<string, string>);
    subscribe(peer, 'mine');
    const { context } = await findStream(system, 'mine');
    expect([context.viewer.userId, context.expiresAt]).toEqual(['u7', exp * 1000]);
  });

  test('with an invalid token is refused with a reason', async () => {
    const peer = await open();
    peer.send({ type: 'connection_init', payload: { authorization: 'Bearer x' } });
    expect(await peer.closed).toEqual([4403, 'The access token is invalid or has expired.']);
    expect(peer.received).toEqual([]);
  });

  test('whose session was revoked since can run no further operation', async () => {
    const peer = await openReady({ authorization: `Bearer ${await token({ sid: 'gone' })}` });
    subscribe(peer, 'before', {}, '{ subscriptionCount }');
    await eventually(() => expect(peer.received).toHaveLength(2));
    system.revokedSessions.add(['gone'], new Date());
    subscribe(peer, 'after', {}, '{ subscriptionCount }');
    expect((await peer.closed)[0]).toBe(4403);
    expect(peer.received).toHaveLength(2);
  });
});

describe('the upgrade', () => {
  /** Asks for a WebSocket without a client that understands one. */
  async function upgrade(
    headers: Record<string, string>,
    path = '/graphql',
  ): Promise<{ status: number; body: string }> {
    const request = requestHttp(`${system.gateway.url}${path}`, {
      headers: {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-protocol': 'graphql-transport-ws',
        ...headers,
      },
    }).end();
    return new Promise((resolve, reject) => {
      request.once('error', reject);
      request.once('upgrade', (answer: IncomingMessage, socket) => {
        socket.destroy();
        resolve({ status: answer.statusCode ?? 0, body: '' });
      });
      request.once('response', (answer: IncomingMessage) => {
        let body = '';
        answer.on('data', (chunk) => (body += String(chunk)));
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      });
    });
  }

  test('of a page of an origin that is not allowed is refused', async () => {
    const refused = await upgrade({ origin: 'https://evil.example' });
    expect([refused.status, JSON.parse(refused.body)]).toMatchObject([
      403,
      { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ]);
    expect((await upgrade({ origin: 'null' })).status).toBe(403);
  });

  test.each([
    ['without an origin', () => ({})],
    ['of an allowed origin', () => ({ origin: 'http://localhost:3000' })],
    ['of its own host', () => ({ host: 'shop.example', origin: 'https://shop.example' })],
  ])('%s is accepted', async (_name, headers) => {
    expect((await upgrade(headers() as unknown as Record<string, string>)).status).toBe(101);
  });

  test('with an invalid token, a wrong handshake or another path is answered in JSON', async () => {
    const byToken = await upgrade({ authorization: 'Bearer x' });
    expect([byToken.status, JSON.parse(byToken.body)]).toMatchObject([
      401,
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
    const byVersion = await upgrade({ 'sec-websocket-version': '1' });
    expect([byVersion.status, JSON.parse(byVersion.body)]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    ]);
    expect((await upgrade({}, '/nothing')).status).toBe(404);
    expect((await upgrade({}, '/health/live')).status).toBe(200);
  });

  test('to another protocol is ignored, and the request is answered', async () => {
    const body = JSON.stringify({ query: '{ subscriptionCount }' });
    const socket = connect(Number(new URL(system.gateway.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    const request = (more: string) =>
      `POST /graphql HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;
    const h2c = 'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\n';
    // The second one uses the same connection.
    socket.write(request(h2c));
    await eventually(() => expect(text.match(/"subscriptionCount":3/g)).toHaveLength(1));
    socket.write(request(h2c));
    await eventually(() => expect(text.match(/"subscriptionCount":3/g)).toHaveLength(2));
    socket.destroy();
  });
});

describe('clients', () => {
  test('graphql-ws subscribes again after a restart, and renews its token after 4403', async () => {
    const tokens = [await token({ sub: 'first' }), await token({ sub: 'second' }), await token({ sub: 'third' })];
    const client = createTestClient({
      connectionParams: () => ({ Authorization: `Bearer ${tokens.shift()}` }),
      shouldRetry: () => true,
    });
    const results = client.iterate<{ orderUpdated: { status: string } }>({ query: watch, variables: { id: 'client' } });
    const next = async () => (await results.next()).value?.data?.orderUpdated.status;
    const first = next();
    (await findStream(system, 'client')).push('PENDING');
    expect(await first).toBe('PENDING');
    const second = next();
    system.findOpen('client')[0]?.end('restart');
    const again = await findStream(system, 'client');
    expect(again.context.viewer.userId).toBe('second');
    again.push('RESERVED');
    expect(await second).toBe('RESERVED');
    const third = next();
    again.end('unauthenticated');
    const last = await findStream(system, 'client');
    expect(last.context.viewer.userId).toBe('third');
    last.push('PAID');
    expect(await third).toBe('PAID');
    const end = results.next();
    last.end('complete');
    expect((await end).done).toBe(true);
  });

  test('graphql-ws that does not retry reports the close with its reason', async () => {
    const client = createTestClient({ shouldRetry: () => false });
    const ended = new Promise((resolve) =>
      client.subscribe(
        { query: watch, variables: { id: 'ends' } },
        { next: () => undefined, error: resolve, complete: () => resolve(undefined) },
      ),
    );
    (await findStream(system, 'ends')).end('unauthenticated');
    expect(await ended).toMatchObject({ code: 4403, reason: expect.stringContaining('revoked') });
  });

  test('Apollo Client subscribes by GraphQLWsLink', async () => {
    const client = new ApolloClient({ link: new GraphQLWsLink(createTestClient()), cache: new InMemoryCache() });
    const seen: unknown[] = [];
    client
      .subscribe<{ orderUpdated: { status: string } }>({ query: gql(watch), variables: { id: 'apollo' } })
      .subscribe(({ data, error }) => seen.push(error ?? data?.orderUpdated.status));
    (await findStream(system, 'apollo')).push('PENDING');
    await eventually(() => expect(seen).toEqual(['PENDING']));
    const { data } = await client.query<{ subscriptionCount: number }>({ query: gql('{ subscriptionCount }') });
    expect(data?.subscriptionCount).toBe(3);
    client.stop();
  });

  test('urql subscribes by its exchange for subscriptions', async () => {
    const client = createTestClient();
    const urql = new UrqlClient({
      url: system.gateway.url,
      preferGetMethod: false,
      exchanges: [
        subscriptionExchange({
          forwardSubscription: ({ query, variables }) => ({
            subscribe: (sink) => ({
              unsubscribe: client.subscribe(
                { query: query ?? '', variables: variables as Record<string, unknown> },
                sink as never,
              ),
            }),
          }),
        }),
      ],
    });
    const seen: unknown[] = [];
    const { unsubscribe } = urql
      .subscription<{ orderUpdated: { status: string } }>(watch, { id: 'urql' })
      .subscribe(({ data, error }) => seen.push(error ?? data?.orderUpdated.status));
    const stream = await findStream(system, 'urql');
    stream.push('PENDING');
    await eventually(() => expect(seen).toEqual(['PENDING']));
    unsubscribe();
    await eventually(() => expect(stream.ending).toBe('closed'));
  });
});
