import { markdownTable } from '../results/markdown-table.ts';
import type { AtRest } from './at-rest.ts';
import type { Measurement } from './measure.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const range = ({ p50, p99 }: { p50: number; p99: number }): string => `${p50.toFixed(1)}/${p99.toFixed(1)} ms`;

export function describeAtRest({ orders, placing, reserved }: AtRest): string {
  return (
    `At rest, ${orders} orders one at a time: placing is answered after ${range(placing)}, ` +
    `and placed until RESERVED takes ${range(reserved)}.`
  );
}

/** Orders per second, with one line for each number of clients and kind of basket. */
export function rateTable(measurements: readonly Measurement[]): string {
  const lines = measurements.map(
    ({ label, clients, placedRate, placing, carriedRate, reserved, publishedRate, receivedRate }) => [
      label,
      whole(clients),
      `${whole(placedRate)}/s`,
      range(placing),
      `${whole(carriedRate)}/s`,
      range(reserved),
      `${whole(publishedRate)}/s`,
      `${whole(receivedRate)}/s`,
    ],
  );
  return markdownTable(
    [
      'orders for',
      'clients',
      'placed',
      'placing',
      'carried to RESERVED',
      'placed until RESERVED',
      'published',
      'received',
    ],
    lines,
  );
}

/** CPU milliseconds per order, with one line for each process. */
export function cpuTable(measurements: readonly Measurement[]): string {
  const names = [...new Set(measurements.flatMap(({ cpu }) => [...cpu.keys()]))];
  if (names.length === 0) return 'This system has no /proc to read CPU times from.';
  const line = (name: string, value: (one: Measurement) => number): string[] => [
    name,
    ...measurements.map((one) => value(one).toFixed(2)),
  ];
  /** The sum of all processes but those. */
  const without = (name: string, left: readonly string[]): string[] =>
    line(name, ({ cpu }) => [...cpu].reduce((sum, [process, value]) => sum + (left.includes(process) ? 0 : value), 0));
  const generator = 'load generator';
  return markdownTable(
    ['CPU ms an order', ...measurements.map(({ label, clients }) => `${label.replace(/ products?$/, '')}, ${clients}`)],
    [
      ...names.map((name) => line(name, ({ cpu }) => cpu.get(name) ?? 0)),
      without('all but the generator', [generator]),
      without('also without messages', [generator, 'notification', 'postgres: notification']),
    ],
  );
}
