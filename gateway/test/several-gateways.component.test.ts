import { eventually } from '@shop/testing';
import { whyNotWithStockEngine } from '@shop/testing/config';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { versionTokenHeader } from '../src/cache/version-tokens.ts';
import { cachedSchemas, createShopResolvers, ShopData } from './cached-shop.ts';
import { createFeedEvent, ManualFeed } from './manual-feed.ts';
import { redisSkipReason, startRedis, type TestRedis } from './redis.ts';
import { execute, startSystem, type System } from './system.ts';

/** The cache belongs to our own engine. */
const reason = whyNotWithStockEngine();
const describeOwn = reason === null ? describe : describe.skip;
const title = reason === null ? '' : ` (skipped: ${reason})`;

const productQuery = 'query P($id: ID!) { product(id: $id) { id name price { amount } } }';
const orderQuery = 'query O($ids: [ID!]!) { order(ids: $ids) { items { id name } } }';

/** Two gateways, with subgraphs that have the same data. Events reach each of them when the test says so. */
class Pair {
  readonly data = new ShopData();
  readonly feeds = [new ManualFeed(), new ManualFeed()] as const;
  systems: System[] = [];
  #sequence = 0;

  async start(redisUrl?: string): Promise<void> {
    for (const feed of this.feeds)
      this.systems.push(
        await startSystem(createShopResolvers(this.data), {
          schemas: cachedSchemas,
          feed,
          config: {
            caches: { documentBytes: 8 * 1024 * 1024, planBytes: 8 * 1024 * 1024, answerBytes: 8 * 1024 * 1024 },
            ...(redisUrl === undefined ? {} : { redisUrl }),
          },
        }),
      );
  }

  async close(): Promise<void> {
    for (const system of this.systems.splice(0)) await system.close();
  }

  gateway(index: 0 | 1): System {
    return this.systems[index] as System;
  }

  publish(type: string, subject: string) {
    const event = createFeedEvent({ sequence: (this.#sequence += 1), type, subject });
    return {
      to: (...indexes: (0 | 1)[]): void => indexes.forEach((index) => this.feeds[index].deliver(event)),
    };
  }

  ask(index: 0 | 1, query: string, variables: Record<string, unknown> = {}, token?: string) {
    const headers: Record<string, string> = token === undefined ? {} : { [versionTokenHeader]: token };
    return execute(this.gateway(index).gateway.url, query, headers, variables);
  }

  /** Sends an operation over a socket of its own. */
  async askOverSocket(index: 0 | 1, payload: { query: string; variables?: Record<string, unknown>; token?: string }) {
    const url = `${this.gateway(index).gateway.url.replace('http', 'ws')}/graphql`;
    const client = createClient({ url, webSocketImpl: WebSocket });
    const { query, variables = {}, token } = payload;
    const extensions = token === undefined ? {} : { extensions: { versionToken: token } };
    try {
      const { value } = await client.iterate<Record<string, unknown>>({ query, variables, ...extensions }).next();
      return value ?? {};
    } finally {
      await client.dispose();
    }
  }

  async readName(index: 0 | 1, token?: string): Promise<string | undefined> {
    const { data } = await this.ask(index, productQuery, { id: 'a' }, token);
    return (data?.['product'] as { name: string } | null)?.name;
  }

  async countCalls(index: 0 | 1, work: () => Promise<unknown>): Promise<number> {
    const { seen } = this.gateway(index);
    const before = seen.length;
    await work();
    return seen.length - before;
  }

  /** Writes through a gateway. @returns the version token */
  async rename(index: 0 | 1, name: string): Promise<string> {
    const { headers } = await this.ask(
      index,
      'mutation R($name: String!) { renameProduct(id: "a", name: $name) { id } }',
      {
        name,
      },
    );
    return headers.get(versionTokenHeader) ?? '';
  }
}

describeOwn(`a version token${title}`, () => {
  const pair = new Pair();
  beforeAll(() => pair.start());
  afterAll(() => pair.close());

  test('keeps another gateway from answering with what is older than its write, and nobody else', async () => {
    for (let times = 0; times < 3; times += 1) expect(await pair.readName(1)).toBe('Product a');
    const token = await pair.rename(0, 'Renamed');
    expect(token).toMatch(/^product\.[\w-]+\.\d+$/);
    // Its event has not come.
    expect(await pair.readName(1)).toBe('Product a');
    expect(await pair.readName(1, token)).toBe('Renamed');
    // That read is kept for all, and serves the same token again.
    expect(await pair.countCalls(1, async () => expect(await pair.readName(1)).toBe('Renamed'))).toBe(0);
    expect(await pair.countCalls(1, () => pair.readName(1, token))).toBe(0);
    expect(await pair.countCalls(0, () => pair.readName(0, token))).toBe(1);
    expect(await pair.countCalls(0, () => pair.readName(0, token))).toBe(0);
  });

  test('is in the extensions of an operation over a WebSocket', async () => {
    await pair.readName(1);
    const rename = 'mutation { renameProduct(id: "a", name: "Over a socket") { id } }';
    const { extensions } = await pair.askOverSocket(0, { query: rename });
    const token = String(extensions?.['versionToken']);
    expect(token).toMatch(/^product\.[\w-]+\.\d+$/);
    const read = { query: productQuery, variables: { id: 'a' } };
    const name = async (options: { token?: string }) =>
      ((await pair.askOverSocket(1, { ...read, ...options })).data?.['product'] as { name: string }).name;
    expect(await name({})).not.toBe('Over a socket');
    expect(await name({ token })).toBe('Over a socket');
    expect((await pair.askOverSocket(0, read)).extensions).toBeUndefined();
  });

  test('names the services that were written, and concerns only them', async () => {
    const { headers } = await pair.ask(0, 'mutation { placeOrder }');
    const token = headers.get(versionTokenHeader) ?? '';
    expect(token).toMatch(/^order\./);
    await pair.readName(1);
    expect(await pair.countCalls(1, () => pair.readName(1, token))).toBe(0);
    const both = await pair.ask(0, 'mutation { placeOrder renameProduct(id: "b", name: "B") { id } }');
    expect(both.headers.get(versionTokenHeader)).toMatch(/^order\.[\w-]+\.\d+,product\.[\w-]+\.\d+$/);
    expect((await pair.ask(0, '{ __typename }')).headers.has(versionTokenHeader)).toBe(false);
  });

  test.each(['', ',', 'product', 'product..1', 'product.x.', 'a b.c.1', 'product.x.1'.repeat(500), 'é.x.1'])(
    'that is malformed is ignored: %j',
    async (token) => {
      await pair.readName(1);
      const answer = await pair.countCalls(1, async () =>
        expect((await pair.ask(1, productQuery, { id: 'a' }, encodeURI(token))).status).toBe(200),
      );
      expect(answer).toBe(0);
    },
  );

  test('of its own gateway with a number that was never given out does not keep its sender from the cache', async () => {
    const token = (await pair.rename(0, 'Again')).replace(/\d+$/, '999999999');
    await pair.readName(0, token);
    expect(await pair.countCalls(0, () => pair.readName(0, token))).toBe(0);
  });
});

(redisSkipReason === '' ? describeOwn : describe.skip)(`gateways with one Redis${redisSkipReason || title}`, () => {
  let redis: TestRedis;
  let pair: Pair;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.remove());
  beforeEach(async () => {
    pair = new Pair();
    await pair.start(redis.url);
    for (const { gateway } of pair.systems)
      await eventually(async () =>
        expect(await (await fetch(`${gateway.url}/health`)).json()).not.toHaveProperty('away'),
      );
    // Until its first event a gateway does not know where the stream is.
    pair.publish('shop.product.updated.v1', 'a').to(0, 1);
    // The first read finds no mark of the service, so nothing of it is shared.
    await pair.ask(0, orderQuery, { ids: ['c'] });
  });
  afterEach(() => pair.close());

  test('share entities and root fields, and ask only for what none of them has', async () => {
    await pair.ask(0, orderQuery, { ids: ['a', 'b'] });
    await pair.ask(0, productQuery, { id: 'a' });
    await eventually(async () =>
      // The order itself is asked for each time.
      expect(await pair.countCalls(1, () => pair.ask(1, orderQuery, { ids: ['a', 'b'] }))).toBe(1),
    );
    expect(await pair.countCalls(1, async () => expect(await pair.readName(1)).toBe('Product a'))).toBe(0);
    const { data } = await pair.ask(1, orderQuery, { ids: ['b', 'c', 'a'] });
    expect(data).toEqual({ order: { items: ['b', 'c', 'a'].map((id) => ({ id, name: `Product ${id}` })) } });
  });

  test('use nothing that was read before an event which they know', async () => {
    await pair.readName(0);
    pair.data.set('a', { name: 'New name' });
    pair.publish('shop.product.updated.v1', 'a').to(1);
    expect(await pair.readName(1)).toBe('New name');
    // The other one has kept it, and shares what it has read since.
    expect(await pair.readName(0)).toBe('Product a');
  });

  test('use nothing of a gateway that has seen another event than they have', async () => {
    pair.publish('shop.product.updated.v1', 'z').to(0);
    await pair.readName(0);
    expect(await pair.countCalls(1, () => pair.readName(1))).toBe(1);
  });

  test('use nothing that was read before a write through another gateway', async () => {
    await pair.readName(0);
    await pair.rename(1, 'Renamed');
    expect(await pair.readName(1)).toBe('Renamed');
  });

  test('go on alone while it is away, and together when it is back', async () => {
    await pair.readName(0);
    await redis.stop();
    pair.data.set('a', { name: 'New name' });
    pair.publish('shop.product.updated.v1', 'a').to(0, 1);
    for (const index of [0, 1] as const) expect(await pair.readName(index)).toBe('New name');
    expect(await pair.rename(0, 'Without Redis')).not.toBe('');
    expect(await pair.readName(0)).toBe('Without Redis');
    redis.start();
    pair.publish('shop.product.updated.v1', 'a').to(0, 1);
    await eventually(async () => {
      pair.publish('shop.product.updated.v1', 'a').to(0, 1);
      expect(await pair.readName(0)).toBe('Without Redis');
      expect(await pair.countCalls(1, () => pair.readName(1))).toBe(0);
    });
  });
});
