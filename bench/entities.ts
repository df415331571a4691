import os from 'node:os';
import { anonymous, createInternalTokenSigner, internalToken } from '@shop/process';
import { startTestStack } from '@shop/testing';
import { HttpLoad } from './catalogue/http-load.ts';
import { loadCatalogue } from './catalogue/load-catalogue.ts';
import type { EntitiesOptions } from './entities/options.ts';
import { cpuBetween, readCpuTimes } from './orders/cpu-times.ts';
import { circumstances } from './results/circumstances.ts';
import { markdownTable } from './results/markdown-table.ts';
import { median } from './results/statistics.ts';

const PRODUCTS = 10_000;
const connections = 16;
/** Entities of one request. Five is what a page of an order's lines asks for. */
const counts = [1, 5, 20] as const;

/** A page of the catalogue, as a list in a shop shows it. */
const listBody = JSON.stringify({
  query:
    '{ products(first: 20) { nodes { id sku name price { amount currencyCode } imageUrl onSale inStock availableQuantity ' +
    'category { id name slug } } pageInfo { hasNextPage endCursor } } }',
});

/** The results of the rounds: requests a second, and microseconds for each request. */
const emptyLists = () => ({ rates: [] as number[], costs: [] as number[], sql: [] as number[] });

const query =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) ' +
  '{ ... on Product { name price { amount currencyCode } imageUrl onSale } } }';

/**
 * Measures what `_entities` and a list cost the product subgraph, without a gateway. Its share of the processor says what a core carries:
 * the load generator and PostgreSQL use the others.
 */
export async function entities({ rounds, seconds }: EntitiesOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const system = await startTestStack();
  const http = new HttpLoad(connections);
  try {
    const { stack } = system;
    const products = await loadCatalogue(system, PRODUCTS);
    const signer = createInternalTokenSigner({ privateJwk: stack.secrets.internalTokenKey });
    const { url, pid } = stack.service('product');
    const cpuTimes = () => readCpuTimes({ product: pid }, stack.postgres?.pid ?? null);
    const bodiesOf = (count: number): string[] =>
      Array.from({ length: 1_000 }, (_, index) => {
        const representations = Array.from({ length: count }, (__, at) => ({
          __typename: 'Product',
          id: products[(index * 7_919 + at * 104_729) % PRODUCTS]?.id,
        }));
        return JSON.stringify({ query, variables: { representations } });
      });
    const results = [
      ...counts.map((count) => ({
        label: count === 1 ? '1 entity' : `${count} entities`,
        bodies: bodiesOf(count),
        ...emptyLists(),
      })),
      { label: 'a list of 20', bodies: [listBody], ...emptyLists() },
    ];
    // The first round warms up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const { bodies, rates, costs, sql } of results) {
        const headers = { [internalToken.header]: await signer.sign(anonymous, 'product') };
        const before = await cpuTimes();
        const { requestsPerSecond, latencies } = await http.run(
          { url: `${url}/graphql`, headers },
          bodies,
          seconds * 1_000,
        );
        const used = cpuBetween(before, await cpuTimes());
        if (round === 0) continue;
        rates.push(requestsPerSecond);
        costs.push((1e6 * (used.get('product') ?? Number.NaN)) / latencies.length);
        sql.push((1e6 * (used.get('postgres: product') ?? Number.NaN)) / latencies.length);
      }
    }
    const table = markdownTable(
      ['a request for', 'a second', 'CPU of the subgraph', 'CPU of PostgreSQL', 'one core would carry'],
      results.map(({ label, rates, costs, sql }) => [
        label,
        median(rates).toFixed(0),
        `${median(costs).toFixed(0)} µs`,
        `${median(sql).toFixed(0)} µs`,
        `${Math.round(1e6 / median(costs)).toLocaleString('en-US')}/s`,
      ]),
    );
    console.log(
      `\n${circumstances(loadBefore, seconds)} ${connections} connections, ${rounds} rounds in turn. Medians.\n\n${table}\n`,
    );
  } finally {
    http.close();
    await system.stop();
  }
}
