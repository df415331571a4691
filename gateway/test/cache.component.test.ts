import { whyNotWithStockEngine } from '@shop/testing/config';
import { cachedSchemas, createShopResolvers, ShopData } from './cached-shop.ts';
import { signAccessToken } from './keys.ts';
import { ManualFeed } from './manual-feed.ts';
import { execute, startSystem, type GraphQLAnswer, type System } from './system.ts';

/** The cache belongs to our own engine. */
const reason = whyNotWithStockEngine();
const describeOwn = reason === null ? describe : describe.skip;
const title = reason === null ? 'the cache' : `the cache (skipped: ${reason})`;

describeOwn(title, () => {
  let system: System;
  let feed: ManualFeed;
  let data: ShopData;
  const start = async (answerBytes = 8 * 1024 * 1024): Promise<void> => {
    system = await startSystem(createShopResolvers(data), {
      schemas: cachedSchemas,
      feed,
      config: { caches: { documentBytes: 8 * 1024 * 1024, planBytes: 8 * 1024 * 1024, answerBytes } },
    });
  };
  beforeEach(async () => {
    feed = new ManualFeed();
    data = new ShopData();
    await start();
  });
  afterEach(() => system.close());

  const run = (query: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    execute(system.gateway.url, query, headers, variables);
  const tokenOf = async (claims: Record<string, unknown>) => ({
    authorization: `Bearer ${await signAccessToken(system.accessKey, claims)}`,
  });
  /** The calls to subgraphs that some work needs. */
  const countCalls = async (work: () => Promise<unknown>): Promise<number> => {
    const before = system.seen.length;
    await work();
    return system.seen.length - before;
  };
  const readMetric = async (sample: string): Promise<number> => {
    const { text } = await system.metrics.scrape();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')[1] ?? Number.NaN,
    );
  };
  const readName = ({ data: found }: GraphQLAnswer): unknown => (found?.['product'] as { name: string } | null)?.name;

  const productQuery = 'query P($id: ID!) { product(id: $id) { id name price { amount } } }';
  const listQuery = 'query L { products(first: 20) { nodes { id name } } }';

  test('an answer is served again without a call, and dropped by the event about its product', async () => {
    const first = await run(productQuery, { id: 'a' });
    expect(readName(first)).toBe('Product a');
    expect(await countCalls(async () => expect((await run(productQuery, { id: 'a' })).data).toEqual(first.data))).toBe(
      0,
    );
    data.set('a', { name: 'New name' });
    feed.send('shop.product.updated.v1', 'b');
    expect(readName(await run(productQuery, { id: 'a' }))).toBe('Product a');
    feed.send('shop.product.updated.v1', 'a');
    expect(readName(await run(productQuery, { id: 'a' }))).toBe('New name');
  });

  test('the second answer to an operation comes from the answers, and its headers and text are those of the first', async () => {
    const send = async () => {
      const response = await fetch(`${system.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: listQuery }),
      });
      const headers = [...response.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
      return { status: response.status, headers, text: await response.text() };
    };
    const byEngine = await send();
    expect(await send()).toEqual(byEngine);
    expect(await readMetric('shop_gateway_cache_lookups_total{level="answer",result="hit"}')).toBe(1);
  });

  test('a field that is not declared keeps the whole call out of the cache', async () => {
    for (const query of ['{ undeclared }', '{ product(id: "a") { id secret } }', '{ unpublished }']) {
      await run(query);
      await run(query);
      expect(await countCalls(() => run(query))).toBe(1);
    }
    expect(system.lines.filter(({ type }) => type === 'shop.weather.changed.v1').length).toBeGreaterThan(0);
  });

  test('entities are asked for only where they are not kept', async () => {
    const query = 'query ($ids: [ID!]!) { order(ids: $ids) { id items { id name } } }';
    await run(query, { ids: ['a', 'b'] });
    const before = system.seen.length;
    const { data: found } = await run(query, { ids: ['b', 'c', 'a', 'c'] });
    expect(found).toEqual({
      order: { id: 'o', items: ['b', 'c', 'a', 'c'].map((id) => ({ id, name: `Product ${id}` })) },
    });
    const calls = system.seen.slice(before).map(({ subgraph }) => subgraph);
    expect(calls).toEqual(['order', 'product']);
    expect(await readMetric('shop_gateway_cache_lookups_total{level="part",result="hit"}')).toBe(2);
    data.set('c', { name: 'Changed' });
    feed.send('shop.product.updated.v1', 'c');
    const { data: later } = await run(query, { ids: ['c', 'a'] });
    expect(later).toMatchObject({ order: { items: [{ name: 'Changed' }, { name: 'Product a' }] } });
  });

  test('kept entities stay in the answer while their service is away', async () => {
    const query = 'query ($ids: [ID!]!) { order(ids: $ids) { items { name } } }';
    await run(query, { ids: ['a'] });
    await system.stop('product');
    const { data: found, errors } = await run(query, { ids: ['a', 'b', 'a'] });
    expect(found).toEqual({ order: { items: [{ name: 'Product a' }, null, { name: 'Product a' }] } });
    expect(errors?.[0]).toMatchObject({
      path: ['order', 'items', 1],
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    });
    expect(errors).toHaveLength(1);
    await system.start('product');
  });

  test('an entity that does not exist is kept too, until it is created', async () => {
    const query = 'query ($ids: [ID!]!) { order(ids: $ids) { items { id onSale } } }';
    await run(query, { ids: ['new'] });
    await run(query, { ids: ['new'] });
    expect(await countCalls(() => run(query, { ids: ['new'] }))).toBe(1);
    await run(productQuery, { id: 'new' });
    expect(await countCalls(() => run(productQuery, { id: 'new' }))).toBe(0);
    data.set('new', { onSale: true });
    feed.send('shop.product.created.v1', 'new');
    expect((await run(query, { ids: ['new'] })).data).toEqual({ order: { items: [{ id: 'new', onSale: true }] } });
    expect(readName(await run(productQuery, { id: 'new' }))).toBe('Product new');
  });

  test('stock drops only what shows it or filters by it', async () => {
    const withStock = 'query S { products { nodes { id name stock } } }';
    const filtered = 'query F($filter: Filter) { products(filter: $filter) { nodes { id } } }';
    const warm = async () => {
      for (const query of [listQuery, withStock]) await run(query);
      await run(filtered, { filter: { inStock: true } });
      await run(filtered, { filter: { name: 'x' } });
    };
    await warm();
    data.set('b', { stock: 0 });
    feed.send('shop.inventory.updated.v1', 'b');
    expect(await countCalls(() => run(listQuery))).toBe(0);
    expect(await countCalls(() => run(filtered, { filter: { name: 'x' } }))).toBe(0);
    expect((await run(withStock)).data).toMatchObject({
      products: { nodes: [{ stock: 5 }, { stock: 0 }, { stock: 5 }] },
    });
    expect((await run(filtered, { filter: { inStock: true } })).data).toEqual({
      products: { nodes: [{ id: 'a' }, { id: 'c' }] },
    });
    await warm();
    // A product that is not in the list.
    feed.send('shop.inventory.updated.v1', 'z');
    expect(await countCalls(() => run(withStock))).toBe(0);
    expect(await countCalls(() => run(filtered, { filter: { inStock: true } }))).toBe(1);
  });

  test('a new product drops the lists in which it could appear', async () => {
    await run(listQuery);
    data.set('d', {});
    feed.send('shop.product.created.v1', 'd');
    expect((await run(listQuery)).data).toMatchObject({ products: { nodes: { length: 4 } } });
  });

  test('a read that began before an event, and ends after it, is not kept', async () => {
    let release = (): void => {};
    const reading = new Promise<void>((resolve) => {
      data.beforeAnswer = () => {
        data.beforeAnswer = async () => {};
        resolve();
        return new Promise((end) => (release = end));
      };
    });
    const early = run(productQuery, { id: 'a' });
    await reading;
    data.set('a', { name: 'New name' });
    feed.send('shop.product.updated.v1', 'a');
    // It must not join the read that is on its way either.
    expect(readName(await run(productQuery, { id: 'a' }))).toBe('New name');
    release();
    expect(readName(await early)).toBe('Product a');
    expect(readName(await run(productQuery, { id: 'a' }))).toBe('New name');
    expect(await readMetric('shop_gateway_cache_stores_total{level="part",outcome="refused"}')).toBe(1);
  });

  test('nothing is served while the events do not come, and what was kept is served afterwards', async () => {
    for (let times = 0; times < 2; times += 1) await run(productQuery, { id: 'a' });
    expect(await readMetric('shop_gateway_cache_lookups_total{level="answer",result="hit"}')).toBe(1);
    feed.current.clear();
    data.set('a', { name: 'New name' });
    for (let times = 0; times < 2; times += 1) expect(readName(await run(productQuery, { id: 'a' }))).toBe('New name');
    data.set('a', { name: 'Product a' });
    feed.current.add('PRODUCT');
    expect(await countCalls(() => run(productQuery, { id: 'a' }))).toBe(0);
  });

  test('a gap drops all that depends on the stream', async () => {
    await run(productQuery, { id: 'a' });
    await run(listQuery);
    data.set('a', { name: 'New name' });
    feed.loseEvents('ORDER');
    expect(readName(await run(productQuery, { id: 'a' }))).toBe('Product a');
    feed.loseEvents();
    expect(readName(await run(productQuery, { id: 'a' }))).toBe('New name');
    expect(await readMetric('shop_gateway_cache_invalidations_total{cause="gap"}')).toBe(1);
  });

  test('the caller of a mutation reads what it has written, before any event', async () => {
    for (const query of [productQuery, listQuery]) await run(query, { id: 'a' });
    await run('mutation { renameProduct(id: "a", name: "Mine") { id } }');
    expect(readName(await run(productQuery, { id: 'a' }))).toBe('Mine');
    expect((await run(listQuery)).data).toMatchObject({ products: { nodes: [{ name: 'Mine' }, {}, {}] } });
    // A mutation of another service drops nothing.
    await run('mutation { placeOrder }');
    expect(await countCalls(() => run(productQuery, { id: 'a' }))).toBe(0);
  });

  test('an answer for staff never reaches a customer, and customers share with anonymous callers', async () => {
    data.set('a', { onSale: false });
    const staff = await tokenOf({ sub: 'staff', sid: 's9', scope: 'product:write' });
    const customer = await tokenOf({ sub: 'customer', sid: 's8', scope: 'user:read' });
    for (let times = 0; times < 3; times += 1) {
      expect(readName(await run(productQuery, { id: 'a' }, staff))).toBe('Product a');
      expect(readName(await run(productQuery, { id: 'a' }, customer))).toBeUndefined();
    }
    expect(await countCalls(() => run(productQuery, { id: 'a' }))).toBe(0);
    expect(readName(await run(productQuery, { id: 'a' }))).toBeUndefined();
  });

  test('private answers of two users never mix', async () => {
    const tokens = await Promise.all(['u1', 'u2'].map((sub) => tokenOf({ sub, sid: sub, scope: '' })));
    for (let times = 0; times < 3; times += 1)
      for (const [index, token] of tokens.entries())
        expect((await run('{ me { name } }', {}, token)).data).toEqual({ me: { name: `I am u${index + 1}` } });
    expect((await run('{ me { name } }')).data).toEqual({ me: null });
    expect(await countCalls(() => run('{ me { name } }', {}, tokens[0]))).toBe(0);
  });

  test('a field that needs a scope is not shown to callers without it', async () => {
    const reader = await tokenOf({ scope: 'board:read' });
    for (let times = 0; times < 3; times += 1) {
      expect((await run('{ board }', {}, reader)).data).toEqual({ board: 'on the board' });
      const refused = await run('{ board }', {}, await tokenOf({ scope: 'user:read' }));
      expect(refused.data).toEqual({ board: null });
      expect(refused.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    expect(await countCalls(() => run('{ board }', {}, reader))).toBe(0);
  });

  test('answers with errors, and mutations, are not kept', async () => {
    for (const query of ['{ broken }', 'mutation { renameProduct(id: "a", name: "x") { id name } }']) {
      await run(query);
      await run(query);
      expect(await countCalls(() => run(query))).toBe(1);
    }
    // A part of it is kept, and the failed one is asked for again.
    expect(await countCalls(() => run('{ broken product(id: "a") { name } }'))).toBe(1);
    expect(await countCalls(() => run('{ broken product(id: "a") { name } }'))).toBe(1);
  });

  test('the memory is bounded, and answers that are used stay', async () => {
    await system.close();
    await start(16 * 1024);
    await run(productQuery, { id: 'a' });
    for (let index = 0; index < 60; index += 1) {
      await run(productQuery, { id: 'a' });
      await run(productQuery, { id: `p${index}` });
    }
    expect(await readMetric('shop_gateway_cache_bytes')).toBeLessThanOrEqual(16 * 1024);
    expect(await readMetric('shop_gateway_cache_entries')).toBeGreaterThan(5);
    expect(await readMetric('shop_gateway_cache_evictions_total')).toBeGreaterThan(0);
    expect(await countCalls(() => run(productQuery, { id: 'a' }))).toBe(0);
  });

  test('nothing is kept where CACHE_BYTES is 0', async () => {
    await system.close();
    await start(0);
    await run(productQuery, { id: 'a' });
    expect(await countCalls(() => run(productQuery, { id: 'a' }))).toBe(1);
  });
});
