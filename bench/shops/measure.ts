import { randomUUID } from 'node:crypto';
import type { HelperProcess } from '../gateway/helper-process.ts';
import { cpuBetween } from '../orders/cpu-times.ts';
import { rotate } from '../results/rotate.ts';
import { median } from '../results/statistics.ts';
import type { LoadOrder, LoadReport } from './load.ts';
import type { ShopsOptions } from './options.ts';
import type { Line, RowName } from './shop.ts';

/** The results of one line: medians of the rounds. */
export interface Measurement {
  readonly row: RowName;
  readonly label: string;
  /** Calls of one piece of work. */
  readonly calls: number;
  readonly perSecond: number;
  /** Milliseconds of one piece of work. */
  readonly p50: number;
  readonly p99: number;
  /** CPU milliseconds of one piece of work: of all processes, and of those that send mails. */
  readonly cpu: number;
  readonly cpuOfMails: number;
}

/** The first round is longer and is not counted. Medusa's rate still grows after twenty seconds of requests. */
const WARM_UP = 3;

/** All lines of a row run one right after the other in each round, so that other load on the machine affects all of them equally. */
export async function measureRow(
  lines: readonly Line[],
  load: HelperProcess<LoadOrder, LoadReport>,
  { clients, rounds, seconds }: Pick<ShopsOptions, 'clients' | 'rounds' | 'seconds'>,
): Promise<Measurement[]> {
  const cells = lines.map((line) => ({ line, measured: [] as Measurement[] }));
  for (let round = 0; round <= rounds; round += 1) {
    const rates: string[] = [];
    for (const { line, measured } of rotate(cells, round)) {
      const milliseconds = 1_000 * seconds * (round === 0 ? WARM_UP : 1);
      const one = await measureLine(line, load, { clients, milliseconds });
      if (round > 0) measured.push(one);
      rates.push(`${line.label}: ${one.perSecond.toFixed(1)}/s`);
    }
    console.log(`  ${round === 0 ? 'warm-up' : `round ${round} of ${rounds}`}: ${rates.join('; ')}`);
  }
  return cells.map(({ line: { row, label }, measured }) => {
    const of = (value: (one: Measurement) => number): number => median(measured.map(value));
    return {
      row,
      label,
      calls: of(({ calls }) => calls),
      perSecond: of(({ perSecond }) => perSecond),
      p50: of(({ p50 }) => p50),
      p99: of(({ p99 }) => p99),
      cpu: of(({ cpu }) => cpu),
      cpuOfMails: of(({ cpuOfMails }) => cpuOfMails),
    };
  });
}

async function measureLine(
  line: Line,
  load: HelperProcess<LoadOrder, LoadReport>,
  { clients, milliseconds }: { clients: number; milliseconds: number },
): Promise<Measurement> {
  const { row, label, origin, steps, values } = line;
  const headers = (await line.headersOfClients?.()) ?? [];
  const keyPrefix = `${randomUUID()}:`;
  const before = await line.readCpu();
  const answered = await load.ask({ origin, steps, values, headers, clients, milliseconds, keyPrefix });
  const report = { ...answered, ...(await line.finish?.(answered, keyPrefix)) };
  const used = [...cpuBetween(before, await line.readCpu())];
  const cpuOf = (name: RegExp): number =>
    (1_000 * used.filter(([process]) => name.test(process)).reduce((sum, [, spent]) => sum + spent, 0)) / report.done;
  return {
    row,
    label,
    calls: report.calls / report.done,
    perSecond: (1_000 * report.done) / report.milliseconds,
    p50: report.p50,
    p99: report.p99,
    cpu: cpuOf(/^/),
    cpuOfMails: cpuOf(/\bnotification$/),
  };
}
