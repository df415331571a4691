import { getEventListeners } from 'node:events';
import { jest } from '@jest/globals';
import {
  AdjustStock,
  CancelOrder,
  createShopClient,
  Me,
  PlaceOrder,
  SearchProducts,
  ShopError,
  type ShopClientOptions,
} from '@shop/client';
import { data, failed, startServer, type Reply, type TestServer } from './server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A server with these replies in order. It repeats the last one. */
async function open(replies: readonly Reply[], options: Partial<ShopClientOptions> = {}) {
  server = await startServer((_request, seen) => replies[Math.min(seen.length, replies.length) - 1]!);
  return { server, shop: createShopClient({ url: server.url, retry: { firstMs: 1 }, ...options }) };
}

const away: Reply = {
  status: 503,
  body: { errors: [{ message: 'Away.', extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
};
const me = data({ me: null });
const stock = { productId: 'p', delta: 1, reason: 'r' };
const adjusted = data({ adjustStock: { __typename: 'AdjustStockSuccess' } });
const order = {
  items: [{ productId: 'p', quantity: 1 }],
  shippingAddress: { street: 's', city: 'c', postalCode: 'p', country: 'US' },
};

describe('retries', () => {
  test.each<[string, Reply]>([
    ['503', away],
    ['502 of a proxy', { status: 502, text: '<html>Bad gateway</html>' }],
    ['504', { status: 504, text: '' }],
    ['429', { status: 429, text: 'slow down' }],
    ['a connection that is cut', 'cut'],
    ['an answer without data, since a subgraph is away', failed('SERVICE_UNAVAILABLE', 200, ['me'])],
  ])('retry a query after %s', async (_what, reply) => {
    const { server, shop } = await open([reply, reply, me]);
    expect(await shop.request(Me)).toEqual({ me: null });
    expect(server.seen).toHaveLength(3);
  });

  test('retry an answer that breaks off', async () => {
    let attempts = 0;
    const breaking: typeof fetch = async (...args) => {
      const answer = await fetch(...args);
      if ((attempts += 1) === 2) return answer;
      const body = new ReadableStream<Uint8Array>({ pull: (stream) => stream.error(new TypeError('terminated')) });
      return new Response(body, answer);
    };
    const { server, shop } = await open([adjusted], { fetch: breaking });
    await shop.request(AdjustStock, { input: stock });
    expect(server.seen).toHaveLength(2);
  });

  test.each<[string, Reply, string]>([
    ['a fault', failed('INTERNAL_SERVER_ERROR', 200, ['me']), 'INTERNAL_SERVER_ERROR'],
    ['a mistake', failed('BAD_USER_INPUT', 400), 'BAD_USER_INPUT'],
    [
      '500',
      { status: 500, body: { errors: [{ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] } },
      'INTERNAL_SERVER_ERROR',
    ],
  ])('do not happen after %s', async (_what, reply, code) => {
    const { server, shop } = await open([reply]);
    await expect(shop.request(Me)).rejects.toMatchObject({ name: 'GraphqlError', code });
    expect(server.seen).toHaveLength(1);
  });

  test('do not delay a partial answer', async () => {
    const partial = {
      data: { products: { nodes: [] }, me: null },
      errors: [{ message: 'Away.', path: ['me'], extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    };
    const { server, shop } = await open([{ body: partial }]);
    expect(await shop.execute(SearchProducts)).toMatchObject({
      data: partial.data,
      errors: [{ code: 'SERVICE_UNAVAILABLE', path: ['me'] }],
    });
    expect(server.seen).toHaveLength(1);
  });

  test('repeat a partial answer for request, which cannot use it', async () => {
    const partial = {
      data: { products: { nodes: [] }, me: null },
      errors: [{ message: 'Away.', path: ['me'], extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    };
    const { server, shop } = await open([{ body: partial }, me]);
    expect(await shop.request(Me)).toEqual({ me: null });
    expect(server.seen).toHaveLength(2);
  });

  test('repeat a mutation that the caller declares repeatable', async () => {
    const { server, shop } = await open([away, { body: { data: { cancelOrder: { __typename: 'NotFound' } } } }]);
    const input = { orderId: 'o' };
    expect(await shop.request(CancelOrder, { input }, { repeatable: true })).toEqual({
      cancelOrder: { __typename: 'NotFound' },
    });
    expect(server.seen).toHaveLength(2);
  });

  test('stop at the configured number of attempts', async () => {
    const { server, shop } = await open([away], { retry: { attempts: 3, firstMs: 1 } });
    await expect(shop.request(Me)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', status: 503 });
    expect(server.seen).toHaveLength(3);
  });

  test.each<Reply>([away, 'cut', failed('SERVICE_UNAVAILABLE', 200, ['cancelOrder'])])(
    'never repeat a mutation without an idempotency key: %j',
    async (reply) => {
      const { server, shop } = await open([reply]);
      await expect(shop.request(CancelOrder, { input: { orderId: 'o' } })).rejects.toBeInstanceOf(ShopError);
      expect(server.seen).toHaveLength(1);
    },
  );
});

describe('idempotency keys', () => {
  const keys = (seen: TestServer) => seen.seen.map(({ variables }) => variables.input?.['idempotencyKey']);

  test('are filled in, and stay the same over lost answers and outages', async () => {
    const { server, shop } = await open(['cut', away, 'cut', adjusted]);
    await shop.request(AdjustStock, { input: stock });
    expect(keys(server)).toHaveLength(4);
    expect(new Set(keys(server)).size).toBe(1);
    expect(keys(server)[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(server.seen[3]?.variables.input).toMatchObject(stock);
  });

  test('differ for each request', async () => {
    const { server, shop } = await open([adjusted]);
    await Promise.all([shop.request(AdjustStock, { input: stock }), shop.request(AdjustStock, { input: stock })]);
    expect(new Set(keys(server)).size).toBe(2);
  });

  test('are not replaced when the caller gives one', async () => {
    const { server, shop } = await open(['cut', adjusted]);
    await shop.request(AdjustStock, { input: { ...stock, idempotencyKey: 'mine' } });
    expect(keys(server)).toEqual(['mine', 'mine']);
  });

  test('are in the error, so that the caller can continue after the client gave up', async () => {
    const { server, shop } = await open([away, 'cut', data({ placeOrder: { __typename: 'PlaceOrderSuccess' } })], {
      retry: { attempts: 1 },
    });
    for (const name of ['GraphqlError', 'NetworkError']) {
      const error: unknown = await shop.request(PlaceOrder, { input: order }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name, idempotencyKey: keys(server).at(-1) });
    }
  });

  test('do not change the caller’s variables, and are added only to operations that take them', async () => {
    const { server, shop } = await open([data({})]);
    const variables = Object.freeze({ input: Object.freeze({ ...stock }) });
    await shop.request(AdjustStock, variables);
    expect(variables).toEqual({ input: stock });
    await shop.request(CancelOrder, { input: { orderId: 'o' } });
    expect(server.seen[1]?.variables.input).toEqual({ orderId: 'o' });
  });
});

describe('Retry-After', () => {
  test.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 2_000).toUTCString()],
  ])('in %s delays the retry', async (_form, header) => {
    const { shop } = await open([{ ...(away as object), headers: { 'retry-after': header() } }, me]);
    const start = performance.now();
    await shop.request(Me);
    expect(performance.now() - start).toBeGreaterThan(950);
  });

  test('ends the request at once when the pause is too long, and is reported', async () => {
    const { server, shop } = await open([{ status: 429, text: '', headers: { 'retry-after': '3600' } }]);
    await expect(shop.request(Me)).rejects.toMatchObject({ name: 'HttpError', status: 429, retryAfterMs: 3_600_000 });
    expect(server.seen).toHaveLength(1);
  });

  test.each(['soon', '-1', ''])('is ignored when it is %j', async (header) => {
    const { server, shop } = await open([{ ...(away as object), headers: { 'retry-after': header } }, me]);
    await shop.request(Me);
    expect(server.seen).toHaveLength(2);
  });
});

test('pauses grow up to a limit, and are randomly shortened', async () => {
  const chance = jest.spyOn(Math, 'random').mockReturnValue(0.999);
  const times: number[] = [];
  server = await startServer(() => (times.push(performance.now()), away));
  try {
    await createShopClient({ url: server.url, retry: { attempts: 5, firstMs: 40, longestMs: 100 } })
      .request(Me)
      .catch(() => undefined);
    expect(chance).toHaveBeenCalledTimes(4);
  } finally {
    chance.mockRestore();
  }
  const pauses = times.slice(1).map((time, index) => time - times[index]!);
  [40, 80, 100, 100].forEach((least, index) => expect(pauses[index]).toBeGreaterThanOrEqual(least - 2));
});

describe('time limits', () => {
  test('end a request when the server does not answer', async () => {
    let attempts = 0;
    const counted: typeof fetch = (...args) => fetch(...args).finally(() => (attempts += 1));
    const { shop } = await open(['silence'], { timeoutMs: 30, retry: { attempts: 2, firstMs: 1 }, fetch: counted });
    await expect(shop.request(Me)).rejects.toMatchObject({ name: 'TimeoutError', message: 'No answer within 30 ms.' });
    expect(attempts).toBe(2);
  });

  test('end a request whose body does not end', async () => {
    const endless: typeof fetch = async (_url, init) =>
      new Response(
        new ReadableStream({
          start: (stream) => init?.signal?.addEventListener('abort', () => stream.error(init.signal?.reason)),
        }),
      );
    const shop = createShopClient({
      url: 'http://unused.invalid',
      fetch: endless,
      timeoutMs: 30,
      retry: { attempts: 1 },
    });
    await expect(shop.request(Me)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('a signal ends a request with its reason', async () => {
    const controller = new AbortController();
    server = await startServer(() => {
      controller.abort(new Error('not wanted'));
      return 'silence';
    });
    await expect(createShopClient({ url: server.url }).request(Me, {}, { signal: controller.signal })).rejects.toThrow(
      'not wanted',
    );
    expect(server.seen).toHaveLength(1);
  });

  test('a signal also ends a mutation, and nothing continues', async () => {
    const controller = new AbortController();
    const signals: AbortSignal[] = [];
    server = await startServer(() => {
      controller.abort(new Error('not wanted'));
      return 'silence';
    });
    const watched: typeof fetch = (url, init) => (signals.push(init!.signal!), fetch(url, init));
    const shop = createShopClient({ url: server.url, fetch: watched });
    await expect(shop.request(AdjustStock, { input: stock }, { signal: controller.signal })).rejects.toThrow(
      'not wanted',
    );
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('a signal ends a pause at once', async () => {
    const controller = new AbortController();
    const thenAborted: typeof fetch = async (...args) => {
      const answer = await fetch(...args);
      setTimeout(() => controller.abort(new Error('not wanted')), 50);
      return answer;
    };
    const { server, shop } = await open([away], { retry: { firstMs: 60_000, longestMs: 60_000 }, fetch: thenAborted });
    const [started, cleared] = [jest.spyOn(globalThis, 'setTimeout'), jest.spyOn(globalThis, 'clearTimeout')];
    try {
      await expect(shop.request(Me, {}, { signal: controller.signal })).rejects.toThrow('not wanted');
      expect(server.seen).toHaveLength(1);
      const pause = started.mock.calls.findIndex(([, ms]) => ms! >= 30_000);
      expect(cleared).toHaveBeenCalledWith(started.mock.results[pause]?.value);
    } finally {
      started.mockRestore();
      cleared.mockRestore();
    }
  });

  test('a signal that has already fired prevents the request', async () => {
    const { server, shop } = await open([me]);
    await expect(shop.request(Me, {}, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    expect(server.seen).toEqual([]);
  });

  test('no listener is left on a signal that lives on', async () => {
    const { shop } = await open(['cut', away, me]);
    const { signal } = new AbortController();
    await shop.request(Me, {}, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
