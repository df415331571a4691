import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@shop/testing';
import { EventSource } from 'eventsource';
import { createClient } from 'graphql-sse';
import { findChromium, openBrowser } from '../browser.ts';
import { signAccessToken } from '../keys.ts';
import { execute } from '../system.ts';
import { BodyReader, findStream, startLiveSystem, watch, type LiveSystem } from './live-system.ts';

let system: LiveSystem;
beforeAll(async () => {
  system = await startLiveSystem();
});
afterAll(() => system.close());

/** Sends a subscription by POST. */
function post(variables: object, headers: Record<string, string> = {}, body: object = { query: watch }) {
  return fetch(`${system.gateway.url}/graphql`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ variables, ...body }),
  });
}

const data = (id: string, status: string) =>
  `{"data":{"orderUpdated":{"__typename":"Order","id":"${id}","status":"${status}"}}}`;

test('messages are events whose id is their position', async () => {
  const response = await post({ id: 'a' });
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.any(String),
  });
  expect(response.headers.get('content-encoding')).toBeNull();
  const stream = await findStream(system, 'a');
  const reader = new BodyReader(response);
  stream.push('PENDING');
  await reader.until('PENDING');
  stream.pushJson('{\n"data":\r\n{"orderUpdated":null}}');
  await reader.until('null');
  stream.end('complete');
  expect(await reader.untilEnd()).toBe(
    `:\n\nid: p1\nevent: next\ndata: ${data('a', 'PENDING')}\n\n` +
      'id: p2\nevent: next\ndata: { "data": {"orderUpdated":null}}\n\nevent: complete\ndata:\n\n',
  );
});

test('a stream that restarts ends without complete', async () => {
  const reader = new BodyReader(await post({ id: 'restart' }));
  (await findStream(system, 'restart')).end('restart');
  expect(await reader.untilEnd()).toBe(':\n\n');
});

test('a stream whose token ended says so, and is complete', async () => {
  const reader = new BodyReader(await post({ id: 'token' }));
  (await findStream(system, 'token')).end('unauthenticated');
  expect(await reader.untilEnd()).toMatch(
    /^:\n\nevent: next\ndata: \{"errors":\[.*"UNAUTHENTICATED".*\]\}\n\nevent: complete\ndata:\n\n$/,
  );
});

test('a stream that is too slow breaks off', async () => {
  const reader = new BodyReader(await post({ id: 'slow' }));
  (await findStream(system, 'slow')).end('slow');
  expect(await reader.untilEnd()).toBe(':\n\n');
});

test('the stream ends when the client leaves', async () => {
  const reader = new BodyReader(await post({ id: 'leaves' }));
  const stream = await findStream(system, 'leaves');
  await reader.cancel();
  await eventually(() => expect(stream.ending).toBe('closed'));
});

test('the context of a stream has the viewer and the end of its token', async () => {
  system.jwks = [system.accessKey.publicJwk];
  const exp = Math.floor(Date.now() / 1000) + 600;
  const token = await signAccessToken(system.accessKey, { exp });
  const reader = new BodyReader(await post({ id: 'viewer' }, { authorization: `Bearer ${token}` }));
  const { context } = await findStream(system, 'viewer');
  expect([context.viewer.userId, context.viewer.sessionId, context.expiresAt]).toEqual(['u1', 's1', exp * 1000]);
  await reader.cancel();
});

describe('refusals before the stream are answers in JSON', () => {
  const refused: [
    name: string,
    variables: object,
    headers: Record<string, string>,
    body: object,
    expected: [number, string],
  ][] = [
    ['an invalid token', { id: 'x' }, { authorization: 'Bearer x' }, { query: watch }, [401, 'UNAUTHENTICATED']],
    ['a wrong document', { id: 'x' }, {}, { query: 'subscription { nothing }' }, [400, 'GRAPHQL_VALIDATION_FAILED']],
    [
      'a stream that no client can read',
      { id: 'x' },
      { accept: 'application/json' },
      { query: watch },
      [406, 'BAD_REQUEST'],
    ],
    ['any type', { id: 'x' }, { accept: '*/*' }, { query: watch }, [406, 'BAD_REQUEST']],
    ['a field without permission', { id: 'none' }, {}, { query: watch }, [200, 'UNAUTHENTICATED']],
    ['an unexpected error', { id: 'broken' }, {}, { query: watch }, [500, 'INTERNAL_SERVER_ERROR']],
    [
      'an operation that is too large',
      { id: 'x' },
      {},
      { query: `subscription W($id: ID!) { orderUpdated(id: $id) { ${'id '.repeat(60)} } }` },
      [400, 'SELECTION_LIMIT_EXCEEDED'],
    ],
  ];
  test.each(refused)('%s', async (_name, variables, headers, body, expected) => {
    const before = system.streams.length;
    const response = await post(variables, headers, body);
    const answer = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect([response.status, answer.errors[0]?.extensions.code]).toEqual(expected);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(system.streams).toHaveLength(before);
  });

  test('a document that cannot be parsed is refused in JSON to a client of events, and its parser stops at the limit', async () => {
    const query = `subscription { ${'orderUpdated(id: 1) { id } '.repeat(1_000)} }`;
    const response = await post({}, {}, { query });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] },
    ]);
  });

  test('a POST of another type than JSON causes no stream', async () => {
    const before = system.streams.length;
    const response = await post({ id: 'x' }, { 'content-type': 'text/plain' });
    expect(response.status).toBe(400);
    expect(system.streams).toHaveLength(before);
  });
});

describe('a GET', () => {
  const url = (id: string) =>
    `${system.gateway.url}/graphql?${new URLSearchParams({ query: watch, variables: JSON.stringify({ id }) })}`;

  test('of a subscription needs a client of events', async () => {
    expect((await fetch(url('x'), { headers: { accept: '*/*', 'apollo-require-preflight': 'x' } })).status).toBe(406);
    const accept = 'multipart/mixed;subscriptionSpec=1.0';
    expect((await fetch(url('x'), { headers: { accept } })).status).toBe(406);
  });

  test('of a query or a mutation is answered as before, whatever it accepts', async () => {
    const get = (query: string) =>
      fetch(`${system.gateway.url}/graphql?${new URLSearchParams({ query })}`, {
        headers: { accept: 'text/event-stream' },
      });
    expect((await get('{ subscriptionCount }')).status).toBe(400);
    expect((await get('mutation { placeOrder { id } }')).status).toBe(400);
  });

  /** An `EventSource`, which may be another process's. */
  interface WatchedSource {
    readSeen(): string[] | Promise<string[]>;
    isComplete(): boolean | Promise<boolean>;
  }

  async function expectToGoOn(id: string, source: WatchedSource): Promise<void> {
    const first = await findStream(system, id);
    expect(first.after).toBeUndefined();
    first.push('PENDING');
    await eventually(async () => expect(await source.readSeen()).toHaveLength(1));
    first.end('restart');
    const second = await findStream(system, id);
    expect(second.after).toBe('p1');
    second.push('RESERVED');
    await eventually(async () => expect(await source.readSeen()).toEqual([data(id, 'PENDING'), data(id, 'RESERVED')]));
    second.end('complete');
    await eventually(async () => expect(await source.isComplete()).toBe(true));
  }

  test('of EventSource goes on after the last message when the gateway restarts', async () => {
    const source = new EventSource(url('source'));
    const seen: string[] = [];
    let isComplete = false;
    source.addEventListener('next', (event) => seen.push((event as MessageEvent).data as string));
    source.addEventListener('complete', () => {
      isComplete = true;
      source.close();
    });
    try {
      await expectToGoOn('source', { readSeen: () => seen, isComplete: () => isComplete });
    } finally {
      source.close();
    }
  });

  const chromium = findChromium();
  const missing = chromium === undefined ? ' (skipped: no Chromium was found; set CHROMIUM_BIN)' : '';
  const inBrowser = missing === '' ? test : test.skip;

  inBrowser(`of EventSource in Chromium, on a page of another origin, goes on in the same way${missing}`, async () => {
    const page = createServer((_request, response) => response.end('<!doctype html>')).listen(0, '127.0.0.1');
    await once(page, 'listening');
    const browser = await openBrowser(String(chromium));
    try {
      const tab = await browser.newPage();
      await tab.goto(`http://localhost:${(page.address() as AddressInfo).port}/`);
      await tab.evaluate(`
        globalThis.seen = [];
        globalThis.isComplete = false;
        const source = new EventSource(${JSON.stringify(url('chromium'))});
        source.addEventListener('next', ({ data }) => globalThis.seen.push(data));
        source.addEventListener('complete', () => {
          globalThis.isComplete = true;
          source.close();
        });
        undefined;
      `);
      await expectToGoOn('chromium', {
        readSeen: () => tab.evaluate<string[]>('globalThis.seen'),
        isComplete: () => tab.evaluate<boolean>('globalThis.isComplete'),
      });
    } finally {
      await browser.close();
      page.close();
    }
  });
});

test('a Last-Event-ID that no message can have is ignored', async () => {
  const reader = new BodyReader(await post({ id: 'position' }, { 'last-event-id': 'x'.repeat(501) }));
  expect((await findStream(system, 'position')).after).toBeUndefined();
  await reader.cancel();
});

test('the client of graphql-sse receives, subscribes again after a restart, and ends', async () => {
  const client = createClient({ url: `${system.gateway.url}/graphql`, retry: async () => undefined });
  const results = client.iterate<{ orderUpdated: { status: string } }>({ query: watch, variables: { id: 'client' } });
  try {
    const next = async () => (await results.next()).value?.data?.orderUpdated.status;
    const first = next();
    (await findStream(system, 'client')).push('PENDING');
    expect(await first).toBe('PENDING');
    const second = next();
    system.findOpen('client')[0]?.end('restart');
    (await findStream(system, 'client')).push('RESERVED');
    expect(await second).toBe('RESERVED');
    const last = results.next();
    system.findOpen('client')[0]?.end('complete');
    expect((await last).done).toBe(true);
  } finally {
    client.dispose();
  }
});

describe('operations that are no subscriptions', () => {
  const accepts = ['text/event-stream, application/json', 'multipart/mixed;subscriptionSpec=1.0, application/json'];
  test.each(accepts)('are answered in JSON to a client that accepts %s', async (accept) => {
    for (const query of ['{ subscriptionCount }', 'mutation { placeOrder { id } }']) {
      for (const _turn of [1, 2]) {
        const answer = await execute(system.gateway.url, query, { accept });
        expect([answer.status, answer.errors, answer.headers.get('content-type')]).toEqual([
          200,
          undefined,
          'application/json; charset=utf-8',
        ]);
      }
    }
  });

  test('are chosen by their name in a document that also has a subscription', async () => {
    const query = `query Count { subscriptionCount } ${watch}`;
    const named = (operationName: string) =>
      post({ id: 'named' }, { accept: 'text/event-stream, application/json' }, { query, operationName });
    expect(await (await named('Count')).json()).toEqual({ data: { subscriptionCount: 3 } });
    const reader = new BodyReader(await named('Watch'));
    (await findStream(system, 'named')).end('complete');
    expect(await reader.untilEnd()).toContain('event: complete');
  });
});

test('a subscription that was answered before is still a stream, also to a client that accepts JSON only', async () => {
  for (const _turn of [1, 2]) {
    const reader = new BodyReader(await post({ id: 'again' }));
    (await findStream(system, 'again')).end('complete');
    await reader.untilEnd();
    expect((await post({ id: 'again' }, { accept: 'application/json' })).status).toBe(406);
  }
});
