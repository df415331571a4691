import os from 'node:os';
import { serviceNames, type ServiceName } from '@shop/contracts';
import { type OtlpReceiver, startOtlpReceiver } from '@shop/testing';
import { HttpLoad } from './catalogue/http-load.ts';
import { findCores, moveTo } from './gateway/cores.ts';
import { cpuBetween, readCpuTimes } from './orders/cpu-times.ts';
import { markdownTable } from './results/markdown-table.ts';
import { rotate } from './results/rotate.ts';
import { compareRepeated, median } from './results/statistics.ts';
import type { TracesOptions } from './traces/options.ts';
import { startGateway, startSubgraph, type MeasuredGateway } from './traces/start-gateways.ts';

/** A page of the catalogue: one call of a subgraph. */
const body = JSON.stringify({
  query: 'query Page { products(first: 10) { nodes { id name price { amount currencyCode } inStock } } }',
});
const nodes = Array.from({ length: 10 }, (_, index) => ({
  id: `product-${index}`,
  name: 'A product',
  price: { amount: 1_000 + index, currencyCode: 'USD' },
  inStock: true,
}));

const connections = 16;

/**
 * Requests until the compiler is done, also with what only recorded requests use: after 3,000 of them, one costs three times as much as at
 * last, and 10 % have so many only after 30,000 requests.
 */
const warmUp = 100_000;

const off = 'off';
const secondOff = 'off, a second process';

/** The gateways of a generation. The second one without traces shows by how much two equal processes differ. */
const kinds = [
  { label: off, ratio: undefined },
  { label: '10 %', ratio: '0.1' },
  { label: secondOff, ratio: undefined },
  { label: '100 %', ratio: '1' },
] as const;

/**
 * Measures the CPU time of a gateway for each request: without traces, with a tenth of the requests recorded, and with all of them. The
 * gateways take turns in each round, so that other load on the machine affects all of them equally. Equal processes differ by some per
 * cent for as long as they run, since each is compiled and laid out in memory in its own way: so all are started anew many times, and the
 * table says how sure the mean is. They share one core, and the rest another.
 */
export async function traces({ requests, rounds, generations }: TracesOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const ends: (() => Promise<unknown>)[] = [];
  // A process that changes cores finds nothing in their caches.
  const cores = findCores();
  moveTo(cores.rest);
  const costs = new Map(kinds.map(({ label }) => [label as string, [] as number[]]));
  try {
    const collector = await startOtlpReceiver();
    ends.push(() => collector.stop());
    const subgraph = await startSubgraph(JSON.stringify({ data: { products: { nodes } } }));
    ends.push(async () => subgraph.stop());
    const subgraphUrls = Object.fromEntries(serviceNames.map((name) => [name, subgraph.url])) as Record<
      ServiceName,
      string
    >;
    const load = new HttpLoad(connections);
    ends.push(async () => load.close());
    for (let generation = 0; generation < generations; generation += 1) {
      const gateways: MeasuredGateway[] = [];
      try {
        for (const { label, ratio } of rotate(kinds, generation)) {
          const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: ratio ?? '' };
          gateways.push(
            await startGateway({ label, subgraphUrls, env: ratio === undefined ? {} : tracing, pin: cores.gateway }),
          );
        }
        const measured = await measureInTurn(gateways, { load, requests, rounds, collector });
        for (const [label, cost] of measured) costs.get(label)?.push(cost);
      } finally {
        for (const gateway of gateways) await gateway.stop();
      }
    }
  } finally {
    for (const end of ends.reverse()) await end();
  }
  const costOf = (label: string, generation: number): number => costs.get(label)?.[generation] ?? Number.NaN;
  /** The second process without traces is compared with the first, and the others with the mean of both. */
  const more = (label: string, values: readonly number[]): string => {
    if (label === off) return '';
    const { percent, plusMinus } = compareRepeated(
      values.map((value, generation) => {
        const [first, second] = [costOf(off, generation), costOf(secondOff, generation)];
        return value / (label === secondOff ? first : Math.sqrt(first * second));
      }),
    );
    return `${percent.toFixed(1)} ± ${plusMinus.toFixed(1)} %`;
  };
  const table = markdownTable(
    ['recorded requests', 'CPU of the gateway for a request', 'more than off'],
    [...costs].map(([label, values]) => [label, `${median(values).toFixed(0)} µs`, more(label, values)]),
  );
  console.log(
    `\n${os.cpus().length} cores, Node ${process.versions.node}, load average ${loadBefore.toFixed(1)} before and ` +
      `${(os.loadavg()[0] ?? 0).toFixed(1)} after, ${generations} times ${rounds} rounds of ${requests} requests. ` +
      `Medians, and mean ratios with their 95 % confidence.\n\n${table}\n`,
  );
}

/** Returns the microseconds of CPU for a request of each gateway: the median of the rounds. */
async function measureInTurn(
  gateways: readonly MeasuredGateway[],
  { load, requests, rounds, collector }: { load: HttpLoad; requests: number; rounds: number; collector: OtlpReceiver },
): Promise<Map<string, number>> {
  const measure = async ({ url, pid }: MeasuredGateway, count: number): Promise<number> => {
    const before = await readCpuTimes({ gateway: pid }, null);
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0) await load.post({ url }, body);
    };
    await Promise.all(Array.from({ length: connections }, worker));
    const used = cpuBetween(before, await readCpuTimes({ gateway: pid }, null));
    return (1e6 * (used.get('gateway') ?? Number.NaN)) / count;
  };
  for (const gateway of gateways) await measure(gateway, warmUp);
  const results = new Map(gateways.map(({ label }) => [label, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const gateway of rotate(gateways, round)) {
      results.get(gateway.label)?.push(await measure(gateway, requests));
      collector.spans.length = 0;
      collector.bodies.length = 0;
    }
  }
  return new Map([...results].map(([label, values]) => [label, median(values)]));
}
