import { getEventListeners } from 'node:events';
import {
  Me,
  memoryTokens,
  OrderUpdated,
  type OrderUpdatedSubscription,
  OrdersUpdated,
  SessionEndedError,
  TimeoutError,
  type ShopClient,
  type ShopClientOptions,
  type SubscribeOptions,
  type Subscription,
  type TypedText,
} from '@shop/client';
import { eventually } from '@shop/testing';
import { failed, type Reply, type Seen } from './server.ts';
import { clientOf, errorMessage, orderMessage, startStreams, type StreamServer } from './streams.ts';
import { refreshed, refused, tokensOf } from './tokens.ts';

let server: StreamServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Opened {
  readonly server: StreamServer;
  readonly shop: ShopClient;
}

async function open(
  refuse?: (request: Seen, attempt: number) => Reply | undefined,
  options: Partial<ShopClientOptions> = {},
): Promise<Opened> {
  server = await startStreams(refuse);
  return { server, shop: clientOf(server, options) };
}

const watch = ({ shop }: Opened, options?: SubscribeOptions<OrderUpdatedSubscription>) =>
  shop.subscribe(OrderUpdated, { id: 'o' }, options);

/** The status in the next message, or `done`. */
async function nextStatus(subscription: ReturnType<typeof watch>): Promise<string> {
  const { value, done } = await subscription.next();
  return done === true ? 'done' : (value?.orderUpdated.status ?? 'none');
}

/** Reads until the end. Returns what it threw. */
async function failureOf(subscription: Subscription<unknown>): Promise<unknown> {
  try {
    for await (const _message of subscription);
  } catch (error) {
    return error;
  }
  throw new Error('The subscription did not fail.');
}

describe('messages', () => {
  test('come in their order until the server has nothing more to send', async () => {
    const opened = await open();
    const statuses: string[] = [];
    const reading = (async () => {
      for await (const { orderUpdated } of watch(opened)) statuses.push(orderUpdated.status);
    })();
    const connection = await opened.server.connection(0);
    connection.send(orderMessage('PENDING', 1), 'a');
    connection.send(orderMessage('RESERVED', 2), 'b');
    connection.complete();
    await reading;
    expect(statuses).toEqual(['PENDING', 'RESERVED']);
    expect(opened.server.seen).toHaveLength(1);
  });

  test('are asked for by POST, as a stream of events', async () => {
    const opened = await open();
    const subscription = watch(opened);
    const reading = nextStatus(subscription);
    const { request } = await opened.server.connection(0);
    expect(request.headers.accept).toMatch(/^text\/event-stream,/);
    expect(request.headers['last-event-id']).toBeUndefined();
    expect(request.body).toEqual({ operationName: 'OrderUpdated', query: OrderUpdated.body, variables: { id: 'o' } });
    await subscription.return();
    expect(await reading).toBe('done');
  });

  test('are read byte by byte, with a byte order mark', async () => {
    const text = `\u{FEFF}event: next\r\ndata: ${JSON.stringify(orderMessage('é😀', 1))}\r\n\r\n`;
    const opened = await open(() => (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const byte of Buffer.from(text)) response.write(Uint8Array.of(byte));
      response.end('event: complete\ndata:\n\n');
    });
    const subscription = watch(opened);
    expect(await nextStatus(subscription)).toBe('é😀');
    expect(await nextStatus(subscription)).toBe('done');
  });

  test('with errors of a service that is away are passed on as partial, and the whole one follows', async () => {
    const opened = await open();
    const partial: unknown[] = [];
    const subscription = watch(opened, { onPartial: (result) => partial.push(result) });
    const reading = nextStatus(subscription);
    const connection = await opened.server.connection(0);
    const data = { orderUpdated: { id: 'o', status: 'PAID', customer: null } };
    connection.send(errorMessage('SERVICE_UNAVAILABLE', ['orderUpdated', 'customer'], data));
    connection.send(orderMessage('PAID', 3));
    expect(await reading).toBe('PAID');
    expect(partial).toMatchObject([{ data, errors: [{ code: 'SERVICE_UNAVAILABLE' }] }]);
    await subscription.return();
  });

  test('that are no GraphQL fail', async () => {
    const opened = await open();
    const failure = failureOf(watch(opened));
    (await opened.server.connection(0)).write('event: next\ndata: <html>\n\n');
    expect(await failure).toMatchObject({ name: 'HttpError', status: 200 });
  });
});

describe('missed changes', () => {
  const missed = errorMessage('EVENTS_MISSED');

  test('are told to the caller, and the subscription goes on', async () => {
    const { server, shop } = await open();
    let calls = 0;
    const subscription = shop.subscribe(OrdersUpdated, {}, { onMissed: () => void (calls += 1) });
    const reading = subscription.next();
    const connection = await server.connection(0);
    connection.send(missed, '');
    connection.send({ data: { ordersUpdated: { id: 'o', status: 'PAID' } } });
    expect((await reading).value?.ordersUpdated.status).toBe('PAID');
    expect(calls).toBe(1);
    await subscription.return();
  });

  test('are an error for a caller who does not ask for them', async () => {
    const { server, shop } = await open();
    const failure = failureOf(shop.subscribe(OrdersUpdated));
    (await server.connection(0)).send(missed, '');
    expect(await failure).toMatchObject({ name: 'GraphqlError', code: 'EVENTS_MISSED' });
  });
});

describe('a lost connection', () => {
  test.each(['end', 'cut'] as const)(
    '(%s) is followed by another with the position of the last message',
    async (how) => {
      const opened = await open();
      const subscription = watch(opened);
      const first = nextStatus(subscription);
      const before = await opened.server.connection(0);
      before.send(orderMessage('PENDING', 1), 'p1');
      expect(await first).toBe('PENDING');
      before[how]();
      const second = nextStatus(subscription);
      const after = await opened.server.connection(1);
      expect(after.request.headers['last-event-id']).toBe('p1');
      after.send(orderMessage('PAID', 2), 'p2');
      expect(await second).toBe('PAID');
      await subscription.return();
    },
  );

  test('keeps its position over connections that brought nothing', async () => {
    const opened = await open();
    const subscription = watch(opened);
    const reading = nextStatus(subscription);
    const before = await opened.server.connection(0);
    before.send(orderMessage('PENDING', 1), 'p1');
    await reading;
    const second = nextStatus(subscription);
    before.end();
    (await opened.server.connection(1)).end();
    const last = await opened.server.connection(2);
    expect(last.request.headers['last-event-id']).toBe('p1');
    last.complete();
    expect(await second).toBe('done');
  });

  test('without a position asks with one that nobody knows, so that the server tells of missed changes', async () => {
    const { server, shop } = await open();
    const subscription = shop.subscribe(OrdersUpdated);
    const reading = subscription.next();
    (await server.connection(0)).end();
    const after = await server.connection(1);
    expect(after.request.headers['last-event-id']).toBe('-');
    after.complete();
    expect(await reading).toEqual({ done: true, value: undefined });
  });

  test('shows no state twice and none that is older, but the same text later in a connection', async () => {
    const opened = await open();
    const statuses: string[] = [];
    const reading = (async () => {
      for await (const { orderUpdated } of watch(opened)) statuses.push(`${orderUpdated.id} ${orderUpdated.status}`);
    })();
    const before = await opened.server.connection(0);
    before.send(orderMessage('RESERVED', 2), 'p2');
    before.send(orderMessage('RESERVED', 2, 'other'), 'p3');
    before.end();
    const after = await opened.server.connection(1);
    after.send(orderMessage('PENDING', 1), 'p1');
    after.send(orderMessage('RESERVED', 2), 'p2');
    after.send(orderMessage('RESERVED', 2, 'other'), 'p3');
    after.send(orderMessage('RESERVED', 2), 'p4');
    after.send(orderMessage('PAID', 3), 'p5');
    after.complete();
    await reading;
    expect(statuses).toEqual(['o RESERVED', 'other RESERVED', 'o RESERVED', 'o PAID']);
  });

  test('shows a message without an id again only when its position is another', async () => {
    const { server, shop } = await open();
    const counts = new Text('subscription Counts { ordersUpdated { status } }');
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const message of shop.subscribe(counts)) seen.push(message);
    })();
    const paid = { data: { ordersUpdated: { status: 'PAID' } } };
    (await server.connection(0)).send(paid, 'p1');
    (await server.connection(0)).end();
    (await server.connection(1)).send(paid, 'p1');
    (await server.connection(1)).end();
    (await server.connection(2)).send(paid, 'p2');
    (await server.connection(2)).complete();
    await reading;
    expect(seen).toEqual([paid.data, paid.data]);
  });

  test('that brings no byte in time is given up', async () => {
    const completed: Reply = { headers: { 'content-type': 'text/event-stream' }, text: 'event: complete\ndata:\n\n' };
    const opened = await open((_request, attempt) => (attempt === 1 ? undefined : completed), { heartbeatMs: 50 });
    const causes: unknown[] = [];
    const subscription = watch(opened, { onState: (_state, error) => causes.push(error) });
    expect(await nextStatus(subscription)).toBe('done');
    expect(causes).toContainEqual(expect.any(TimeoutError));
    const silent = await opened.server.connection(0);
    await eventually(() => expect(silent.isClosed).toBe(true));
  });

  test('is tried again for as long as the server is away', async () => {
    const away: Reply[] = [
      'cut',
      { status: 503, text: '' },
      failed('SUBSCRIPTION_RESTART', 503),
      { status: 502, text: '<html>' },
    ];
    const opened = await open((_request, attempt) => (attempt <= 12 ? away[attempt % away.length] : undefined));
    const subscription = watch(opened);
    const reading = nextStatus(subscription);
    (await opened.server.connection(0)).complete();
    expect(await reading).toBe('done');
    expect(opened.server.seen).toHaveLength(13);
  });

  test('waits for as long as the server asks', async () => {
    const opened = await open((_request, attempt) =>
      attempt === 1 ? { status: 503, text: '', headers: { 'retry-after': '3600' } } : undefined,
    );
    const subscription = watch(opened);
    const reading = nextStatus(subscription);
    await eventually(() => expect(subscription.state).toBe('waiting'));
    expect(opened.server.seen).toHaveLength(1);
    await subscription.return();
    expect(await reading).toBe('done');
    expect(opened.server.seen).toHaveLength(1);
  });
});

describe('final errors', () => {
  test.each<[string, Reply, object]>([
    [
      '400',
      failed('GRAPHQL_VALIDATION_FAILED', 400),
      { name: 'GraphqlError', status: 400, code: 'GRAPHQL_VALIDATION_FAILED' },
    ],
    ['403', { status: 403, text: 'no' }, { name: 'HttpError', status: 403 }],
    ['FORBIDDEN', failed('FORBIDDEN'), { name: 'GraphqlError', code: 'FORBIDDEN' }],
    [
      '401 for somebody who has not signed in',
      failed('UNAUTHENTICATED', 401),
      { name: 'GraphqlError', code: 'UNAUTHENTICATED' },
    ],
    ['500', failed('INTERNAL_SERVER_ERROR', 500), { name: 'GraphqlError', status: 500 }],
    ['an answer that is no stream', { body: { data: {} } }, { name: 'HttpError', status: 200 }],
  ])('%s is thrown at once', async (_what, reply, error) => {
    const opened = await open(() => reply);
    const subscription = watch(opened);
    expect(await failureOf(subscription)).toMatchObject(error);
    expect(opened.server.seen).toHaveLength(1);
    expect(subscription.state).toBe('ended');
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  });

  test('TOO_MANY_SUBSCRIPTIONS is thrown after all attempts', async () => {
    const opened = await open(() => failed('TOO_MANY_SUBSCRIPTIONS', 429), { retry: { attempts: 3 } });
    expect(await failureOf(watch(opened))).toMatchObject({ name: 'GraphqlError', code: 'TOO_MANY_SUBSCRIPTIONS' });
    expect(opened.server.seen).toHaveLength(3);
  });

  test.each([
    ['NOT_FOUND', ['orderUpdated']],
    ['FORBIDDEN', ['orderUpdated', 'customer']],
    ['UNAUTHENTICATED', ['orderUpdated', 'customer']],
    ['INTERNAL_SERVER_ERROR', ['orderUpdated']],
  ])('a message with %s is thrown, and the connection is closed', async (code, path) => {
    const opened = await open();
    const failure = failureOf(watch(opened));
    const connection = await opened.server.connection(0);
    connection.send(errorMessage(code, path));
    expect(await failure).toMatchObject({ name: 'GraphqlError', code, path });
    await eventually(() => expect(connection.isClosed).toBe(true));
    expect(opened.server.seen).toHaveLength(1);
  });
});

describe('sessions', () => {
  const first = tokensOf('s', 1);
  const second = tokensOf('s', 2);
  const signedOut = errorMessage('UNAUTHENTICATED');

  const isRefresh = ({ operation }: Seen): boolean => operation === 'RefreshSession';
  const streamsOf = (server: StreamServer) => server.seen.filter((request) => !isRefresh(request));

  test('a stream whose token ended goes on with a new one, from where it was', async () => {
    const tokens = memoryTokens(first);
    const opened = await open((request) => (isRefresh(request) ? refreshed(second) : undefined), { tokens });
    const states: string[] = [];
    const subscription = watch(opened, { onState: (state) => states.push(state) });
    const reading = nextStatus(subscription);
    const before = await opened.server.connection(0);
    before.send(orderMessage('PENDING', 1), 'p1');
    expect(await reading).toBe('PENDING');
    const next = nextStatus(subscription);
    before.send(signedOut);
    before.complete();
    const after = await opened.server.connection(1);
    after.send(orderMessage('PAID', 2), 'p2');
    expect(await next).toBe('PAID');
    expect([before.request.token, after.request.token]).toEqual([first.accessToken, second.accessToken]);
    expect(after.request.headers['last-event-id']).toBe('p1');
    expect(await tokens.load()).toEqual(second);
    expect(states).toEqual(['connecting', 'open', 'connecting', 'open']);
    await subscription.return();
  });

  test('a token that is refused at once is replaced once', async () => {
    const opened = await open((request) => (isRefresh(request) ? refreshed(second) : failed('UNAUTHENTICATED', 401)), {
      tokens: memoryTokens(first),
    });
    expect(await failureOf(watch(opened))).toMatchObject({
      name: 'GraphqlError',
      code: 'UNAUTHENTICATED',
      status: 401,
    });
    expect(streamsOf(opened.server).map(({ token }) => token)).toEqual([first.accessToken, second.accessToken]);
  });

  test('a token that has expired is replaced before the connection', async () => {
    const expired = tokensOf('s', 1, -1);
    const opened = await open((request) => (isRefresh(request) ? refreshed(second) : undefined), {
      tokens: memoryTokens(expired),
    });
    const subscription = watch(opened);
    const reading = nextStatus(subscription);
    expect((await opened.server.connection(0)).request.token).toBe(second.accessToken);
    await subscription.return();
    await reading;
  });

  test('a revoked session ends the subscription', async () => {
    const tokens = memoryTokens(first);
    const opened = await open((request) => (isRefresh(request) ? refused : undefined), { tokens });
    const failure = failureOf(watch(opened));
    const connection = await opened.server.connection(0);
    connection.send(signedOut);
    connection.complete();
    expect(await failure).toBeInstanceOf(SessionEndedError);
    expect(await tokens.load()).toBeNull();
  });

  test('a subscription never goes on as another user', async () => {
    const tokens = memoryTokens(first);
    const opened = await open(undefined, { tokens });
    const failure = failureOf(watch(opened));
    const connection = await opened.server.connection(0);
    await tokens.save(tokensOf('another', 1));
    connection.end();
    expect(await failure).toBeInstanceOf(SessionEndedError);
    expect(opened.server.seen).toHaveLength(1);
  });

  test('signing out ends the subscription and its connection at once', async () => {
    const opened = await open(undefined, { tokens: memoryTokens(first) });
    const failure = failureOf(watch(opened));
    const connection = await opened.server.connection(0);
    await opened.shop.session.end();
    expect(await failure).toBeInstanceOf(SessionEndedError);
    await eventually(() => expect(connection.isClosed).toBe(true));
  });

  test('another user ends the subscription, and newer tokens of the session do not', async () => {
    const opened = await open(undefined, { tokens: memoryTokens(first) });
    const failure = failureOf(watch(opened));
    const connection = await opened.server.connection(0);
    await opened.shop.session.adopt(second);
    connection.end();
    expect((await opened.server.connection(1)).request.token).toBe(second.accessToken);
    await opened.shop.session.adopt(tokensOf('another', 1));
    expect(await failure).toBeInstanceOf(SessionEndedError);
  });

  test('signing in does not end the subscription of a visitor', async () => {
    const opened = await open();
    const subscription = watch(opened);
    const reading = nextStatus(subscription);
    const connection = await opened.server.connection(0);
    await opened.shop.session.adopt(first);
    connection.send(orderMessage('PENDING', 1));
    expect(await reading).toBe('PENDING');
    await subscription.return();
  });

  test('an anonymous subscription sends no token', async () => {
    const opened = await open(undefined, { tokens: memoryTokens(first) });
    const subscription = watch(opened, { anonymous: true });
    const reading = nextStatus(subscription);
    expect((await opened.server.connection(0)).request.token).toBeUndefined();
    await subscription.return();
    await reading;
  });

  test('a refresh that gets no answer is tried again', async () => {
    let refreshes = 0;
    const opened = await open(
      (request) =>
        isRefresh(request)
          ? (refreshes += 1) === 1
            ? failed('SERVICE_UNAVAILABLE', 503)
            : refreshed(second)
          : undefined,
      { tokens: memoryTokens(tokensOf('s', 1, -1)) },
    );
    const subscription = watch(opened);
    const reading = nextStatus(subscription);
    expect((await opened.server.connection(0)).request.token).toBe(second.accessToken);
    await subscription.return();
    await reading;
  });
});

describe('leaving', () => {
  test('return ends the connection at once, and the call that waits', async () => {
    const opened = await open();
    const subscription = watch(opened);
    const reading = subscription.next();
    const connection = await opened.server.connection(0);
    expect(await subscription.return()).toEqual({ done: true, value: undefined });
    expect(await reading).toEqual({ done: true, value: undefined });
    expect(subscription.state).toBe('ended');
    await eventually(() => expect(connection.isClosed).toBe(true));
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  });

  test('a break ends the connection', async () => {
    const opened = await open();
    const reading = (async () => {
      for await (const { orderUpdated } of watch(opened)) return orderUpdated.status;
      return 'none';
    })();
    const connection = await opened.server.connection(0);
    connection.send(orderMessage('PENDING', 1));
    expect(await reading).toBe('PENDING');
    await eventually(() => expect(connection.isClosed).toBe(true));
  });

  test('the signal ends the connection while the caller waits, and leaves no listener', async () => {
    const opened = await open();
    const controller = new AbortController();
    const reading = failureOf(watch(opened, { signal: controller.signal }));
    const connection = await opened.server.connection(0);
    controller.abort(new Error('the page was left'));
    expect(await reading).toMatchObject({ message: 'the page was left' });
    await eventually(() => expect(connection.isClosed).toBe(true));
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('the signal ends the connection while the caller does something else', async () => {
    const opened = await open();
    const controller = new AbortController();
    const subscription = watch(opened, { signal: controller.signal });
    const reading = nextStatus(subscription);
    const connection = await opened.server.connection(0);
    connection.send(orderMessage('PENDING', 1));
    await reading;
    controller.abort(new Error('the page was left'));
    await eventually(() => expect(connection.isClosed).toBe(true));
    await expect(subscription.next()).rejects.toThrow('the page was left');
  });

  test('a signal that has fired prevents the connection', async () => {
    const opened = await open();
    const signal = AbortSignal.abort(new Error('too late'));
    expect(await failureOf(watch(opened, { signal }))).toMatchObject({ message: 'too late' });
    expect(opened.server.seen).toEqual([]);
  });

  test('the signal ends a pause', async () => {
    const opened = await open(() => 'cut', { retry: { firstMs: 3_600_000, longestMs: 3_600_000 } });
    const controller = new AbortController();
    const subscription = watch(opened, { signal: controller.signal });
    const reading = failureOf(subscription);
    await eventually(() => expect(subscription.state).toBe('waiting'));
    controller.abort(new Error('the page was left'));
    expect(await reading).toMatchObject({ message: 'the page was left' });
  });
});

test('the state tells a user interface what happens', async () => {
  const opened = await open((_request, attempt) => (attempt === 2 ? 'cut' : undefined));
  const states: string[] = [];
  const subscription = watch(opened, {
    onState: (state, error) => states.push(error instanceof Error ? `${state}: ${error.name}` : state),
  });
  expect(subscription.state).toBe('connecting');
  const reading = nextStatus(subscription);
  (await opened.server.connection(0)).end();
  (await opened.server.connection(1)).complete();
  expect(await reading).toBe('done');
  expect(states).toEqual([
    'connecting',
    'open',
    'waiting: NetworkError',
    'connecting',
    'waiting: NetworkError',
    'connecting',
    'open',
    'ended',
  ]);
});

/** A document of the client preset with `documentMode: 'string'`. */
class Text extends String implements TypedText<object, object> {
  declare readonly __apiType?: (variables: object) => object;
}

test('a query is not subscribed to, and a subscription is not requested', async () => {
  const { server, shop } = await open();
  expect(() => shop.subscribe(Me as never)).toThrow('A subscription is not a query. Use request.');
  expect(() => shop.subscribe(new Text('mutation M { logout { __typename } }'))).toThrow(
    'A subscription is not a mutation.',
  );
  await expect(shop.request(OrderUpdated as never)).rejects.toThrow('A request sends a query or a mutation.');
  expect(server.seen).toEqual([]);
});

test('with persistedOnly, the id is sent and no text', async () => {
  const opened = await open(undefined, { persistedOnly: true });
  const subscription = watch(opened);
  const reading = nextStatus(subscription);
  expect((await opened.server.connection(0)).request.body).toEqual({
    operationName: 'OrderUpdated',
    extensions: { persistedQuery: { version: 1, sha256Hash: OrderUpdated.id } },
    variables: { id: 'o' },
  });
  await subscription.return();
  await reading;
});
