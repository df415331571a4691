import { whyNotWithStockEngine } from '@shop/testing/config';
import { cachedSchemas, createShopResolvers, ShopData } from './cached-shop.ts';
import { signAccessToken } from './keys.ts';
import { ManualFeed } from './manual-feed.ts';
import { startSystem, type System } from './system.ts';

/** The cache belongs to our own engine. */
const reason = whyNotWithStockEngine();
const describeOwn = reason === null ? describe : describe.skip;
const title = reason === null ? '' : ` (skipped: ${reason})`;

const listQuery = 'query L { products(first: 20) { nodes { id name } } }';
const stockQuery = 'query S { products(first: 20) { nodes { id stock } } }';
const productQuery = 'query P($id: ID!) { product(id: $id) { id name } }';

describeOwn(`the answer to a GET${title}`, () => {
  let system: System;
  let feed: ManualFeed;
  let data: ShopData;
  const start = async (httpCacheSeconds: number) => {
    feed = new ManualFeed();
    data = new ShopData();
    system = await startSystem(createShopResolvers(data), {
      schemas: cachedSchemas,
      feed,
      config: {
        caches: { documentBytes: 8 * 1024 * 1024, planBytes: 8 * 1024 * 1024, answerBytes: 8 * 1024 * 1024 },
        httpCacheSeconds,
        rateLimit: { points: 100_000 },
      },
    });
  };
  afterEach(() => system.close());

  const get = async (query: string, options: { variables?: object; headers?: Record<string, string> } = {}) => {
    const search = new URLSearchParams({ query, variables: JSON.stringify(options.variables ?? {}) });
    const response = await fetch(`${system.gateway.url}/graphql?${search}`, {
      headers: { 'apollo-require-preflight': 'true', accept: 'application/json', ...options.headers },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const bearer = async (claims: Record<string, unknown>) => ({
    authorization: `Bearer ${await signAccessToken(system.accessKey, claims)}`,
  });

  test('may be kept, and is asked for again until it has changed', async () => {
    await start(0);
    const first = await get(listQuery);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'cache-control': 'public, no-cache',
      age: '0',
      etag: expect.stringMatching(/^W\/"[\w-]{22}"$/) as string,
      // Who has written something must not get from a cache what was kept before.
      vary: expect.stringMatching(/\baccept, x-version-token$/) as string,
    });
    // They are about one client.
    expect([...first.headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
    const etag = first.headers.get('etag') ?? '';
    for (const known of [etag, etag.slice(2), `"x", ${etag}`, '*']) {
      const again = await get(listQuery, { headers: { 'if-none-match': known } });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await get(listQuery, { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
    data.set('a', { name: 'New name' });
    feed.send('shop.product.updated.v1', 'a');
    const changed = await get(listQuery, { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(changed.text).toContain('New name');
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test('may be served for some seconds where the operator says so', async () => {
    await start(30);
    expect((await get(listQuery)).headers.get('cache-control')).toBe('public, max-age=30');
  });

  test('names the objects that it shows, so that a CDN can drop it', async () => {
    await start(0);
    const keysOf = async (...args: Parameters<typeof get>) => {
      const { headers } = await get(...args);
      expect(headers.get('cache-tag')?.split(',')).toEqual(headers.get('surrogate-key')?.split(' '));
      return headers.get('surrogate-key')?.split(' ').sort();
    };
    expect(await keysOf(listQuery)).toEqual(['product']);
    expect(await keysOf(stockQuery)).toEqual(['inventory:a', 'inventory:b', 'inventory:c', 'product']);
    expect(await keysOf(productQuery, { variables: { id: 'a' } })).toEqual(['product:a']);
  });

  test('for those who are not signed in is not offered for others', async () => {
    await start(0);
    const anonymous = await get(productQuery, { variables: { id: 'a' } });
    expect(anonymous.headers.get('cache-control')).toBe('public, no-cache');
    expect(anonymous.headers.get('vary')).toMatch(/\bauthorization\b/);
    for (const scope of ['', 'product:write']) {
      const headers = await bearer({ sub: 'u', sid: 's', scope });
      const signedIn = await get(productQuery, { variables: { id: 'a' }, headers });
      expect([signedIn.status, signedIn.headers.get('cache-control'), signedIn.headers.get('etag')]).toEqual([
        200,
        'no-store',
        null,
      ]);
      // A list that is the same for everyone may be kept for them too.
      expect((await get(listQuery, { headers })).headers.get('cache-control')).toBe('public, no-cache');
    }
  });

  test.each([
    ['is private', '{ me { id } }'],
    ['needs a scope', '{ board }'],
    ['has an error', '{ broken }'],
    ['has a part that is not declared', '{ undeclared }'],
    ['asks no subgraph', '{ __typename }'],
  ])('must not be kept where it %s', async (_what, query) => {
    await start(30);
    const headers = await bearer({ sub: 'u', sid: 's', scope: 'board:read' });
    for (const given of [{}, headers]) {
      const answer = await get(query, { headers: given });
      expect([answer.headers.get('cache-control'), answer.headers.get('etag')]).toEqual(['no-store', null]);
    }
  });

  test('must not be kept while the events do not come', async () => {
    await start(30);
    await get(listQuery);
    feed.current.clear();
    expect((await get(listQuery)).headers.get('cache-control')).toBe('no-store');
  });

  test('is that of a POST, whose own answer no cache keeps', async () => {
    await start(30);
    const byGet = await get(listQuery);
    const response = await fetch(`${system.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: listQuery }),
    });
    expect(await response.text()).toBe(byGet.text);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('is refused as before where it is no query, where a page could have sent it, and where it is malformed', async () => {
    await start(0);
    await get(listQuery);
    const mutation = 'mutation M { placeOrder }';
    await fetch(`${system.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: mutation }),
    });
    expect((await get(mutation)).status).toBe(405);
    expect((await get(listQuery, { headers: { 'apollo-require-preflight': '' } })).status).toBe(400);
    const malformed = new URLSearchParams({ query: listQuery, variables: '{' });
    const response = await fetch(`${system.gateway.url}/graphql?${malformed}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(response.status).toBe(400);
  });
});
