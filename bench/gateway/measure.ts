import { isDeepStrictEqual } from 'node:util';
import { cpuBetween, readCpuTimes } from '../orders/cpu-times.ts';
import { rotate } from '../results/rotate.ts';
import { median } from '../results/statistics.ts';
import type { MeasuredGateway } from '../traces/start-gateways.ts';
import type { HelperProcess } from './helper-process.ts';
import type { LoadOrder, LoadReport } from './load.ts';
import type { Operation } from './operations.ts';
import { readMemory } from './process-memory.ts';
import type { SubgraphsReport } from './subgraphs.ts';

/** The parts of a running benchmark. */
export interface Bench {
  readonly gateways: readonly MeasuredGateway[];
  readonly load: HelperProcess<LoadOrder, LoadReport>;
  readonly subgraphs: HelperProcess<'report', SubgraphsReport>;
}

/** The work of one request, which is the same for all gateways but for the calls. */
export interface Work {
  readonly bytes: number;
  /** Calls to subgraphs, by the gateway's label. */
  readonly calls: ReadonlyMap<string, number>;
}

/** Medians of the rounds. */
export interface Cell {
  readonly requestsPerSecond: number;
  /** The share of a core that the gateway's process used. Below 1, it waited: for subgraphs and load, or for its core. */
  readonly usedShare: number;
  /** CPU of the gateway's process in microseconds. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const WARM_UP = { requests: 6_000, milliseconds: 10_000 };
/** More requests than any gateway answers in a second. */
const MOST_PER_SECOND = 50_000;

let lastNumber = 0;
/** Takes numbers that no request has had. */
function takeNumbers(count: number): number {
  const first = lastNumber + 1;
  lastNumber += count;
  return first;
}

/** Sends one request to each gateway. @throws Error when the answers differ */
export async function compareAnswers({ gateways, load, subgraphs }: Bench, { title, body }: Operation): Promise<Work> {
  const number = takeNumbers(1);
  const calls = new Map<string, number>();
  let expected: { readonly label: string; readonly answer: string; readonly data: unknown } | null = null;
  for (const { label, url } of gateways) {
    const before = (await subgraphs.ask('report')).calls;
    const { firstAnswer } = await load.ask({ url, body, connections: 1, firstNumber: number, requests: 1 });
    calls.set(label, (await subgraphs.ask('report')).calls - before);
    const { data } = JSON.parse(firstAnswer) as { data: unknown };
    expected ??= { label, answer: firstAnswer, data };
    if (!isDeepStrictEqual(data, expected.data))
      throw new Error(
        `The answers of ${expected.label} and ${label} differ for "${title}":\n` +
          `${expected.answer.slice(0, 1_000)}\n${firstAnswer.slice(0, 1_000)}`,
      );
  }
  return { bytes: Buffer.byteLength(expected?.answer ?? ''), calls };
}

/** Lets the compilers of all gateways see some thousand requests, or as many as they answer in some seconds. */
export async function warmUp({ gateways, load }: Bench, { body }: Operation): Promise<void> {
  for (const { url } of gateways) {
    const firstNumber = takeNumbers(WARM_UP.requests);
    await load.ask({ url, body, connections: 16, firstNumber, ...WARM_UP });
  }
}

/** Measures an operation in rounds, in which the gateways take turns. */
export async function measureOperation(
  { gateways, load }: Bench,
  { body }: Operation,
  { connections, rounds, seconds }: { connections: number; rounds: number; seconds: number },
): Promise<Map<string, Cell>> {
  const results = new Map(gateways.map(({ label }) => [label, [] as Cell[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { label, url, pid } of rotate(gateways, round)) {
      const before = await readCpuTimes({ gateway: pid }, null);
      const firstNumber = takeNumbers(Math.ceil(seconds * MOST_PER_SECOND));
      const report = await load.ask({ url, body, connections, firstNumber, milliseconds: 1_000 * seconds });
      const used = cpuBetween(before, await readCpuTimes({ gateway: pid }, null)).get('gateway') ?? Number.NaN;
      const { requests, p50, p99 } = report;
      results.get(label)?.push({
        requestsPerSecond: requests / report.seconds,
        usedShare: used / report.seconds,
        cpu: (1e6 * used) / requests,
        p50,
        p99,
      });
    }
  }
  return new Map([...results].map(([label, cells]) => [label, medianOf(cells)]));
}

function medianOf(cells: readonly Cell[]): Cell {
  const of = (key: keyof Cell): number => median(cells.map((cell) => cell[key]));
  const [requestsPerSecond, usedShare] = [of('requestsPerSecond'), of('usedShare')];
  return { requestsPerSecond, usedShare, cpu: of('cpu'), p50: of('p50'), p99: of('p99') };
}

/** Resident bytes of a gateway before a number of documents that it has not seen, after them, and after as many again. */
export interface MemoryGrowth {
  readonly before: number;
  readonly after: number;
  readonly afterTwice: number;
}

/** Sends documents that the gateways have not seen, and then as many again, and reads the memory in between. */
export async function measureMemory(
  { gateways, load }: Bench,
  { body }: Operation,
  documents: number,
): Promise<Map<string, MemoryGrowth>> {
  const results = new Map<string, MemoryGrowth>();
  for (const { label, url, pid } of gateways) {
    const send = async (): Promise<number> => {
      await load.ask({ url, body, connections: 16, firstNumber: takeNumbers(documents), requests: documents });
      return readMemory(pid);
    };
    results.set(label, { before: await readMemory(pid), after: await send(), afterTwice: await send() });
  }
  return results;
}
