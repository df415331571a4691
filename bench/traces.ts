import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** Spans are exported within a second of their ends. The time for that belongs to the requests that it follows. */
const exportMs = 1_200;

const off = 'off';
const secondOff = 'off, a second process';
const nothing = 'nothing';
const tenth = '10 %';
const all = '100 %';

/** How many of a hundred requests are recorded. */
type Share = 0 | 10 | 100;

interface Measured {
  readonly label: string;
  readonly process: 'off' | 'second off' | 'on';
  readonly share: Share;
}

/** One gateway serves the last three: clients decide which of their requests it records. */
const kinds: readonly Measured[] = [
  { label: off, process: 'off', share: 0 },
  { label: nothing, process: 'on', share: 0 },
  { label: secondOff, process: 'second off', share: 0 },
  { label: tenth, process: 'on', share: 10 },
  { label: all, process: 'on', share: 100 },
];

/**
 * Measures the CPU time of a gateway for each request: without traces, and with traces of no request, of a tenth and of all of them.
 *
 * Equal processes differ by some per cent for as long as they run, since each is compiled and laid out in memory in its own way. So what
 * recording costs is measured within one process, and what it costs to be able to record between processes that are started anew many
 * times. They share one core, and the rest another. All take turns, so that other load on the machine affects all equally.
 */
export async function traces({ requests, rounds, generations }: TracesOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const ends: (() => Promise<unknown>)[] = [];
  // A process that changes cores finds nothing in their caches.
  const cores = findCores();
  moveTo(cores.rest);
  const costs = new Map(kinds.map(({ label }) => [label, [] as number[]]));
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
    const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TRACE_CLIENT_SAMPLING: 'honour' };
    for (let generation = 0; generation < generations; generation += 1) {
      const gateways = new Map<Measured['process'], MeasuredGateway>();
      try {
        for (const label of rotate(['off', 'second off', 'on'] as const, generation)) {
          const env = label === 'on' ? tracing : {};
          gateways.set(label, await startGateway({ label, subgraphUrls, env, pin: cores.gateway }));
        }
        const measured = await measureInTurn(gateways, { load, requests, rounds, collector });
        for (const [label, cost] of measured) costs.get(label)?.push(cost);
        const shown = [...measured].map(([label, cost]) => `${label} ${cost.toFixed(1)} µs`).join(', ');
        console.log(`${generation + 1} of ${generations}: ${shown}`);
      } finally {
        for (const gateway of gateways.values()) await gateway.stop();
      }
    }
  } finally {
    for (const end of ends.reverse()) await end();
  }
  const costOf = (label: string, generation: number): number => costs.get(label)?.[generation] ?? Number.NaN;
  const compare = (values: readonly number[], findBase: (generation: number) => number): string => {
    const { percent, plusMinus } = compareRepeated(values.map((value, generation) => value / findBase(generation)));
    return `${percent.toFixed(1)} ± ${plusMinus.toFixed(1)} %`;
  };
  const bothOff = (generation: number): number => Math.sqrt(costOf(off, generation) * costOf(secondOff, generation));
  const more = (label: string, values: readonly number[]): string => {
    if (label === off) return '';
    return compare(values, label === secondOff ? (generation) => costOf(off, generation) : bothOff);
  };
  const moreThanNothing = (label: string, values: readonly number[]): string =>
    label === tenth || label === all ? compare(values, (generation) => costOf(nothing, generation)) : '';
  const table = markdownTable(
    ['recorded requests', 'CPU of the gateway for a request', 'more than off', 'more than nothing, in one process'],
    [...costs].map(([label, values]) => [
      label,
      `${median(values).toFixed(1)} µs`,
      more(label, values),
      moreThanNothing(label, values),
    ]),
  );
  console.log(
    `\n${os.cpus().length} cores, Node ${process.versions.node}, load average ${loadBefore.toFixed(1)} before and ` +
      `${(os.loadavg()[0] ?? 0).toFixed(1)} after, ${generations} times ${rounds} rounds of ${requests} requests. ` +
      `Medians, and mean ratios with their 95 % confidence.\n\n${table}\n`,
  );
}

/** Returns the microseconds of CPU for a request of each kind: the median of the rounds. */
async function measureInTurn(
  gateways: ReadonlyMap<Measured['process'], MeasuredGateway>,
  { load, requests, rounds, collector }: { load: HttpLoad; requests: number; rounds: number; collector: OtlpReceiver },
): Promise<Map<string, number>> {
  const measure = async (name: Measured['process'], share: Share, count: number): Promise<number> => {
    const gateway = gateways.get(name);
    if (gateway === undefined) throw new Error(`There is no gateway "${name}".`);
    const { url, pid } = gateway;
    const before = await readCpuTimes({ gateway: pid }, null);
    let left = count;
    const worker = async (): Promise<void> => {
      for (let place = left--; place > 0; place = left--)
        await load.post({ url, headers: { traceparent: createTraceparent(place % 100 < share) } }, body);
    };
    await Promise.all(Array.from({ length: connections }, worker));
    await sleep(exportMs);
    const used = cpuBetween(before, await readCpuTimes({ gateway: pid }, null));
    collector.spans.length = 0;
    collector.bodies.length = 0;
    return (1e6 * (used.get('gateway') ?? Number.NaN)) / count;
  };
  for (const name of gateways.keys())
    for (const share of name === 'on' ? ([10, 100] as const) : ([0, 0] as const))
      await measure(name, share, warmUp / 2);
  const results = new Map(kinds.map(({ label }) => [label, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { label, process: name, share } of rotate(kinds, round))
      results.get(label)?.push(await measure(name, share, requests));
  }
  return new Map([...results].map(([label, values]) => [label, median(values)]));
}

/** The header of a client that wants its request to be recorded, or not. */
const createTraceparent = (isRecorded: boolean): string =>
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-0${isRecorded ? 1 : 0}`;
