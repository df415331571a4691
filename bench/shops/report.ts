import { markdownTable } from '../results/markdown-table.ts';
import type { Measurement } from './measure.ts';
import type { RowName } from './shop.ts';

const titles: Readonly<Record<RowName, { readonly title: string; readonly piece: string }>> = {
  list: { title: 'A list of 20 products', piece: 'a list' },
  product: { title: 'One product by its id', piece: 'a product' },
  order: { title: 'Orders', piece: 'an order' },
};

/** The table of a row. The first line is ours, and the others are compared with it. */
export function describeRow(row: RowName, measurements: readonly Measurement[]): string {
  const { title, piece } = titles[row];
  const [ours] = measurements;
  const ratio = (value: number, other: number): string => `${(value / other).toFixed(2)}x`;
  const lines = measurements.map((one) => [
    one.label,
    Number.isInteger(one.calls) ? String(one.calls) : one.calls.toFixed(1),
    `${rate(one.perSecond)}/s`,
    `${one.p50.toFixed(1)}/${one.p99.toFixed(1)} ms`,
    `${one.cpu.toFixed(2)} ms`,
    one === ours || ours === undefined ? '' : ratio(ours.perSecond, one.perSecond),
    one === ours || ours === undefined ? '' : ratio(one.cpu, ours.cpu),
  ]);
  const head = ['shop', 'calls', `${row}s`, 'p50/p99', `CPU of ${piece}`, 'the first line against it', 'by CPU'];
  const table = `**${title}**:\n\n${markdownTable(head, lines)}`;
  if (ours === undefined || row !== 'order') return table;
  return `${table}\n\nOf the CPU of an order in the first line, ${ours.cpuOfMails.toFixed(2)} ms are for its two mails.`;
}

const rate = (value: number): string => (value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US'));
