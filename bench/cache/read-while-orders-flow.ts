import { randomUUID } from 'node:crypto';
import type { TestStack } from '@shop/testing';
import { HttpLoad } from '../catalogue/http-load.ts';
import { bodyOf } from '../orders/place-order.ts';
import type { Scene } from '../orders/scene.ts';
import { quantile } from '../results/statistics.ts';
import { readCacheCounts, readEventDelays, type EventDelays } from './read-cache-counts.ts';
import { StockHistory } from './stock-history.ts';

export interface FlowingOrders {
  /** Placed in a second. */
  readonly orders: number;
  readonly kinds: readonly FlowingReads[];
  /** The events of that time. */
  readonly events: EventDelays;
}

/** One kind of reads while orders flow. */
export interface FlowingReads {
  readonly name: string;
  readonly readsPerSecond: number;
  /** The shares of the lookups that found an answer, and a part. */
  readonly answerHits: number;
  readonly partHits: number;
  /** The share of the quantities that the database no longer had when they were asked for. */
  readonly old: number;
  /** By how much these were out of date. */
  readonly agesMs: { readonly p99: number; readonly max: number };
}

const readers = 4;
const intervalMs = 10;

/** The products are asked for like those of a shop: few of them often. */
const choose = (productIds: readonly string[]): string =>
  productIds[Math.floor(productIds.length * Math.random() ** 3)] as string;

const kinds = [
  {
    name: 'a product with its stock',
    query: 'query Product($id: ID!) { product(id: $id) { id name price { amount } availableQuantity } }',
    list: (data: unknown) => [(data as { product: Stocked }).product],
  },
  {
    name: '20 products with their stock',
    query: 'query Page { products(first: 20) { nodes { id name price { amount } availableQuantity } } }',
    list: (data: unknown) => (data as { products: { nodes: Stocked[] } }).products.nodes,
  },
  {
    name: '20 products without stock',
    query: 'query Names { products(first: 20) { nodes { id name price { amount } } } }',
    list: () => [],
  },
] as const;

interface Stocked {
  readonly id: string;
  readonly availableQuantity: number;
}

/** Reads products by a gateway with a cache while orders are placed at a steady rate, and compares the stocks with the database. */
export async function readWhileOrdersFlow(
  { stack }: TestStack,
  scene: Scene,
  { ordersPerSecond, seconds }: { ordersPerSecond: number; seconds: number },
): Promise<FlowingOrders> {
  const gateway = stack.service('gateway');
  const productIds = scene.productIds['many products'];
  const history = new StockHistory(stack.databaseUrl('product'), { intervalMs });
  await history.start();
  const http = new HttpLoad(64);
  const placing = placeOrders(`${gateway.url}/graphql`, { http, scene, ordersPerSecond });
  const results: FlowingReads[] = [];
  const before = await readEventDelays(String(gateway.metricsUrl));
  try {
    for (const { name, query, list } of kinds) {
      const ages: number[] = [];
      let [reads, quantities] = [0, 0];
      const before = await readCacheCounts(String(gateway.metricsUrl));
      const started = performance.now();
      const reader = async (): Promise<void> => {
        while (performance.now() - started < (1_000 * seconds) / kinds.length) {
          const askedAt = performance.now();
          const body = JSON.stringify({ query, variables: query.includes('$id') ? { id: choose(productIds) } : {} });
          const { data } = JSON.parse(await http.post({ url: `${gateway.url}/graphql` }, body)) as { data: unknown };
          reads += 1;
          for (const { id, availableQuantity } of list(data)) {
            quantities += 1;
            const age = history.findAge(id, availableQuantity, askedAt);
            if (age > 0) ages.push(age);
          }
        }
      };
      await Promise.all(Array.from({ length: readers }, reader));
      const took = (performance.now() - started) / 1_000;
      const after = await readCacheCounts(String(gateway.metricsUrl));
      const share = (level: 'answer' | 'part'): number => {
        const [hits, misses] = [after[level].hit - before[level].hit, after[level].miss - before[level].miss];
        return hits / Math.max(hits + misses, 1);
      };
      ages.sort((a, b) => a - b);
      results.push({
        name,
        readsPerSecond: reads / took,
        answerHits: share('answer'),
        partHits: share('part'),
        old: ages.filter((age) => age > 0).length / Math.max(quantities, 1),
        agesMs: { p99: ages.length === 0 ? 0 : quantile(ages, 0.99), max: ages.at(-1) ?? 0 },
      });
    }
    const ordersPlaced = await placing.stop();
    const after = await readEventDelays(String(gateway.metricsUrl));
    const events = { all: after.all - before.all, inTime: after.inTime - before.inTime };
    return { orders: ordersPlaced, kinds: results, events };
  } finally {
    await placing.stop();
    http.close();
    await history.stop();
  }
}

/** Places orders at a steady rate until it is stopped. `stop` returns the orders of a second. */
function placeOrders(
  url: string,
  { http, scene, ordersPerSecond }: { http: HttpLoad; scene: Scene; ordersPerSecond: number },
): { stop(): Promise<number> } {
  const products = scene.productIds['many products'];
  const prefix = randomUUID();
  const started = performance.now();
  const sent = new Set<Promise<unknown>>();
  let [placed, failure, rate] = [0, undefined as unknown, 0];
  const place = (): void => {
    const due = Math.floor(((performance.now() - started) / 1_000) * ordersPerSecond);
    for (; placed < due && sent.size < 32; placed += 1) {
      const [before, after] = bodyOf(products[placed % products.length] as string);
      const accessToken = scene.accessTokens[placed % scene.accessTokens.length];
      const placing = http
        .post({ url, accessToken }, `${before}${prefix}:${placed}${after}`)
        .catch((error: unknown) => (failure ??= error))
        .finally(() => sent.delete(placing));
      sent.add(placing);
    }
  };
  const timer = setInterval(place, 10);
  return {
    async stop() {
      if (rate === 0) rate = placed / ((performance.now() - started) / 1_000);
      clearInterval(timer);
      await Promise.all(sent);
      if (failure !== undefined) throw failure;
      return rate;
    },
  };
}
