import { ApolloClient, ApolloLink, CombinedProtocolErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { eventually } from '@shop/testing';
import { Client, fetchExchange } from '@urql/core';
import { BodyReader, findStream, startLiveSystem, watch, type LiveSystem } from './live-system.ts';

let system: LiveSystem;
beforeAll(async () => {
  system = await startLiveSystem();
});
afterAll(() => system.close());

const accept = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';
const post = (id: string, headers: Record<string, string> = {}) =>
  fetch(`${system.gateway.url}/graphql`, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: watch, variables: { id } }),
  });

const part = (json: string) => `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${json}\r\n--graphql`;

test('messages are parts, each with the boundary behind it', async () => {
  const response = await post('a');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  expect(response.headers.get('content-encoding')).toBeNull();
  const stream = await findStream(system, 'a');
  const reader = new BodyReader(response);
  stream.push('PENDING');
  await reader.until('PENDING');
  stream.end('complete');
  const payload = '{"payload":{"data":{"orderUpdated":{"__typename":"Order","id":"a","status":"PENDING"}}}}';
  expect(await reader.untilEnd()).toBe(`\r\n--graphql${part('{}')}${part(payload)}--\r\n`);
});

test.each([
  ['restart', 'SUBSCRIPTION_RESTART'],
  ['unauthenticated', 'UNAUTHENTICATED'],
] as const)('a stream that ends as %s tells the error %s beside a payload of null', async (ending, code) => {
  const reader = new BodyReader(await post(ending));
  (await findStream(system, ending)).end(ending);
  const text = await reader.untilEnd();
  expect(text).toMatch(/--graphql--\r\n$/);
  const json = text.split('--graphql').at(-2)?.split('\r\n\r\n')[1] ?? '';
  expect(JSON.parse(json)).toMatchObject({ payload: null, errors: [{ extensions: { code } }] });
});

test('a stream that is too slow breaks off without a last boundary', async () => {
  const reader = new BodyReader(await post('slow'));
  (await findStream(system, 'slow')).end('slow');
  expect(await reader.untilEnd()).toBe(`\r\n--graphql${part('{}')}`);
});

test.each([
  ['text/event-stream, multipart/mixed;subscriptionSpec=1.0', 'text/event-stream'],
  ['multipart/mixed;subscriptionSpec="1.0", text/event-stream', 'text/event-stream'],
  ['text/event-stream;q=0.5, multipart/mixed;subscriptionSpec=1.0', 'multipart/mixed'],
  ['text/event-stream;q=0, multipart/mixed;subscriptionSpec=1.0;q=0.1', 'multipart/mixed'],
])('to a client that accepts %s, the answer is %s', async (accepted, expected) => {
  const response = await post('chosen', { accept: accepted });
  expect(response.headers.get('content-type')).toContain(expected);
  await response.body?.cancel();
  await eventually(() => expect(system.findOpen('chosen')).toHaveLength(0));
});

test.each(['multipart/mixed', 'multipart/mixed;deferSpec=20220824', 'text/event-stream;q=0', 'text/*'])(
  'a client that accepts %s cannot read a subscription',
  async (accepted) => {
    const response = await post('x', { accept: accepted });
    expect([response.status, await response.json()]).toMatchObject([
      406,
      { errors: [{ message: expect.stringContaining('text/event-stream'), extensions: { code: 'BAD_REQUEST' } }] },
    ]);
  },
);

test('Apollo Client subscribes over its HTTP link, and sees the errors that end a stream', async () => {
  const client = new ApolloClient({
    link: ApolloLink.from([new HttpLink({ uri: `${system.gateway.url}/graphql` })]),
    cache: new InMemoryCache(),
  });
  const seen: unknown[] = [];
  const subscription = client
    .subscribe<{ orderUpdated: { status: string } }>({ query: gql(watch), variables: { id: 'apollo' } })
    .subscribe({ next: ({ data, error }) => seen.push(error ?? data?.orderUpdated.status) });
  try {
    const stream = await findStream(system, 'apollo');
    stream.push('PENDING');
    await eventually(() => expect(seen).toEqual(['PENDING']));
    stream.push('RESERVED');
    await eventually(() => expect(seen).toEqual(['PENDING', 'RESERVED']));
    stream.end('restart');
    await eventually(() => expect(seen).toHaveLength(3));
    expect(CombinedProtocolErrors.is(seen[2])).toBe(true);
    const { data } = await client.query<{ subscriptionCount: number }>({ query: gql('{ subscriptionCount }') });
    expect(data?.subscriptionCount).toBe(3);
  } finally {
    subscription.unsubscribe();
    client.stop();
  }
});

test('Apollo Client leaves a stream that it no longer needs', async () => {
  const client = new ApolloClient({
    link: new HttpLink({ uri: `${system.gateway.url}/graphql` }),
    cache: new InMemoryCache(),
  });
  const subscription = client.subscribe({ query: gql(watch), variables: { id: 'leaves' } }).subscribe(() => undefined);
  const stream = await findStream(system, 'leaves');
  subscription.unsubscribe();
  await eventually(() => expect(stream.ending).toBe('closed'));
  client.stop();
});

test('urql subscribes by fetch, and gets events', async () => {
  const client = new Client({
    url: `${system.gateway.url}/graphql`,
    exchanges: [fetchExchange],
    fetchSubscriptions: true,
    preferGetMethod: false,
  });
  const seen: unknown[] = [];
  const { unsubscribe } = client
    .subscription<{ orderUpdated: { status: string } }>(watch, { id: 'urql' })
    .subscribe(({ data, error }) => seen.push(error ?? data?.orderUpdated.status));
  const stream = await findStream(system, 'urql');
  stream.push('PENDING');
  await eventually(() => expect(seen).toEqual(['PENDING']));
  const counted = await client.query<{ subscriptionCount: number }>('{ subscriptionCount }', {}).toPromise();
  expect(counted.data?.subscriptionCount).toBe(3);
  unsubscribe();
  await eventually(() => expect(stream.ending).toBe('closed'));
});
