import { markdownTable } from '../results/markdown-table.ts';
import type { Measurement } from './measure.ts';

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The results as a table in Markdown: a line for each kind of query. */
export function tableOf(measurements: readonly Measurement[]): string {
  const sizes = [...new Set(measurements.map(({ size }) => size))];
  const largest = sizes.at(-1);
  const lines = [...new Set(measurements.map(({ name }) => name))].map((name) => {
    const own = measurements.filter((one) => one.name === name);
    const last = own.find(({ size }) => size === largest);
    return [
      name,
      ...own.map(
        ({ requestsPerSecond, p50, p99 }) => `${number(requestsPerSecond)}/s, ${p50.toFixed(1)}/${p99.toFixed(1)} ms`,
      ),
      last === undefined ? '' : `${last.growth.toFixed(2)}x`,
      last?.limit === undefined ? '–' : `${last.limit}x`,
      range(own.map(({ statements }) => statements)),
      range(own.map(({ calls }) => calls)),
    ];
  });
  const head = ['query', ...sizes.map((size) => `${number(size)} products`), 'growth', 'limit', 'SQL', 'calls'];
  return markdownTable(head, lines);
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least}–${most}`;
}

/** The measurements that exceed their limit. */
export function tooSlow(measurements: readonly Measurement[]): Measurement[] {
  return measurements.filter(({ growth, limit }) => limit !== undefined && growth > limit);
}
