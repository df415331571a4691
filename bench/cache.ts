import os from 'node:os';
import { serviceNames } from '@shop/contracts';
import type { StackService } from '@shop/stack';
import { startTestStack, type TestStack } from '@shop/testing';
import type { CacheOptions } from './cache/options.ts';
import { measureLookups } from './cache/measure-lookups.ts';
import { readWhileOrdersFlow, type FlowingOrders } from './cache/read-while-orders-flow.ts';
import { startLoad } from './gateway/load.ts';
import { cpuBetween, readCpuTimes } from './orders/cpu-times.ts';
import { prepareScene } from './orders/scene.ts';
import { circumstances } from './results/circumstances.ts';
import { markdownTable } from './results/markdown-table.ts';
import { rotate } from './results/rotate.ts';
import { median } from './results/statistics.ts';

const connections = 16;

/** The first page of the catalogue. */
const body = JSON.stringify({
  query:
    'query Page { products(first: 20) { nodes { id name price { amount currencyCode } imageUrl availableQuantity } } }',
});

/** Requests until the compiler is done. */
const warmUpMs = 4_000;

/** All gateways are in production mode, without a limit of rates, and log one request of a hundred. */
const env = { NODE_ENV: 'production', RATE_LIMIT_POINTS: '0', REQUEST_LOG_PERCENT: '1', LOG_LEVEL: 'warn' };

interface Measurement {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU microseconds a request, by process. */
  readonly cpu: ReadonlyMap<string, number>;
}

/**
 * Measures what the cache saves: the first page of the catalogue through a whole system, by a gateway with a cache and by one without, in
 * turn. Then it reads products while orders change their stock, and compares each answer with the database.
 */
export async function cache({ seconds, rounds, orders }: CacheOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const system = await startTestStack({ env });
    ends.push(system.stop);
    const scene = await prepareScene(system);
    const without = await system.stack.startReplica('gateway', { env: { CACHE_BYTES: '0' } });
    const gateways = { on: system.stack.service('gateway'), off: without };
    const load = startLoad([]);
    ends.push(load.stop);

    const measured = { on: [] as Measurement[], off: [] as Measurement[] };
    const measure = async (gateway: StackService, milliseconds: number): Promise<Measurement> => {
      const pids = listPids(system, gateway);
      const postmaster = system.stack.postgres?.pid ?? null;
      const before = await readCpuTimes(pids, postmaster);
      const order = { url: `${gateway.url}/graphql`, body, connections, firstNumber: 0, milliseconds };
      const report = await load.ask(order);
      const used = cpuBetween(before, await readCpuTimes(pids, postmaster));
      return {
        requestsPerSecond: report.requests / report.seconds,
        p50: report.p50,
        p99: report.p99,
        cpu: new Map([...used].map(([name, spent]) => [name, (1e6 * spent) / report.requests])),
      };
    };
    for (const gateway of Object.values(gateways)) await measure(gateway, warmUpMs);
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of rotate(['on', 'off'] as const, round))
        measured[kind].push(await measure(gateways[kind], 1_000 * seconds));
      console.log(`Round ${round + 1} of ${rounds} is measured.`);
    }
    const flowing = await readWhileOrdersFlow(system, scene, { ordersPerSecond: orders, seconds: 4 * seconds });
    console.log(
      [
        '',
        circumstances(loadBefore, seconds),
        `${connections} connections ask for the first 20 products; ${rounds} rounds, medians.`,
        describePages(measured),
        `Finding an answer among 10,000, with the key and all checks of the cache, takes ${measureLookups().toFixed(1)} µs.`,
        describeOrders(flowing),
        '',
      ].join('\n\n'),
    );
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

function listPids({ stack }: TestStack, gateway: StackService): Record<string, number | null> {
  return {
    gateway: gateway.pid,
    product: stack.service('product').pid,
    'other subgraphs': null,
    ...Object.fromEntries(
      serviceNames.filter((name) => name !== 'product').map((name) => [name, stack.service(name).pid]),
    ),
  };
}

function describePages(measured: Readonly<Record<'on' | 'off', readonly Measurement[]>>): string {
  const lines = (['off', 'on'] as const).map((kind) => {
    const all = measured[kind];
    const cpuOf = (name: RegExp): string =>
      median(
        all.map(({ cpu }) =>
          [...cpu].filter(([process]) => name.test(process)).reduce((sum, [, spent]) => sum + spent, 0),
        ),
      ).toFixed(0);
    return [
      `cache ${kind}`,
      median(all.map(({ requestsPerSecond }) => requestsPerSecond)).toFixed(0),
      median(all.map(({ p50 }) => p50)).toFixed(2),
      median(all.map(({ p99 }) => p99)).toFixed(2),
      cpuOf(/^gateway$/),
      cpuOf(/^product$/),
      cpuOf(/^postgres/),
    ];
  });
  return markdownTable(['', 'requests/s', 'p50 ms', 'p99 ms', 'gateway µs', 'product µs', 'PostgreSQL µs'], lines);
}

function describeOrders({ orders, kinds, events }: FlowingOrders): string {
  const table = markdownTable(
    ['read', 'reads/s', 'answers kept', 'parts kept', 'out of date', 'by p99 ms', 'at most ms'],
    kinds.map(({ name, readsPerSecond, answerHits, partHits, old, agesMs }) => [
      name,
      readsPerSecond.toFixed(0),
      `${(100 * answerHits).toFixed(1)} %`,
      `${(100 * partHits).toFixed(1)} %`,
      `${(100 * old).toFixed(2)} %`,
      agesMs.p99.toFixed(0),
      agesMs.max.toFixed(0),
    ]),
  );
  const share = ((100 * events.inTime) / Math.max(events.all, 1)).toFixed(2);
  return (
    `While ${orders.toFixed(0)} orders a second change the stock of 1,000 products:\n\n${table}\n\n` +
    `${share} % of ${events.all} events were handled within 50 ms of the broker's storing them.`
  );
}
