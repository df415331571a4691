import { markdownTable } from '../results/markdown-table.ts';
import type { Cell, MemoryGrowth, Work } from './measure.ts';

/** A row of the benchmark with the cells of all gateways by label; ours is the first. */
export interface Row {
  readonly title: string;
  readonly connections: number;
  readonly work: Work;
  readonly cells: ReadonlyMap<string, Cell>;
}

/** The table of an operation at a number of connections. */
export function describeRow({ title, connections, work, cells }: Row): string {
  const [ours] = cells.values();
  const lines = [...cells].map(([label, cell]) => [
    label,
    String(work.calls.get(label) ?? ''),
    `${Math.round(cell.requestsPerSecond).toLocaleString('en-US')}/s`,
    `${Math.round(cell.cpu).toLocaleString('en-US')} µs`,
    `${Math.round(100 * cell.usedShare)} %`,
    `${cell.p50.toFixed(1)}/${cell.p99.toFixed(1)} ms`,
    cell === ours ? '' : `${((ours?.requestsPerSecond ?? Number.NaN) / cell.requestsPerSecond).toFixed(2)}x`,
    cell === ours ? '' : `${(cell.cpu / (ours?.cpu ?? Number.NaN)).toFixed(2)}x`,
  ]);
  const head = [
    'gateway',
    'calls',
    'requests',
    'CPU of a request',
    'core used',
    'p50/p99',
    'ours against it',
    'by CPU',
  ];
  const size = `answer of ${(work.bytes / 1_000).toFixed(1)} KB`;
  return `**${title}**, ${connections} connections, ${size}:\n\n${markdownTable(head, lines)}`;
}

/** The table of the memory of all gateways. */
export function describeMemory(sizes: ReadonlyMap<string, MemoryGrowth>, documents: number): string {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
  const lines = [...sizes].map(([label, { before, after, afterTwice }]) => [
    label,
    megabytes(before),
    megabytes(after),
    megabytes(afterTwice),
  ]);
  const [once, twice] = [documents, 2 * documents].map((count) => count.toLocaleString('en-US'));
  const head = ['gateway', 'before', `after ${once}`, `after ${twice}`];
  return `**Memory**, resident, with documents that each are new:\n\n${markdownTable(head, lines)}`;
}
