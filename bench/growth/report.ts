import { markdownTable } from '../results/markdown-table.ts';
import type { TableSize } from './databases.ts';

/** What a system has on disk at one moment, in bytes. */
export interface Sizes {
  readonly tables: readonly TableSize[];
  readonly streams: ReadonlyMap<string, number>;
  readonly wal: number;
}

const whole = (bytes: number): string => Math.round(bytes).toLocaleString('en-US');

/** The growth between two moments, in bytes an order. Tables and streams that did not grow are left out. */
export function describeGrowth(before: Sizes, after: Sizes, orders: number): string {
  const perOrder = (now: number, earlier = 0): number => (now - earlier) / orders;
  const tables = after.tables
    .map((table) => {
      const earlier = before.tables.find(({ name }) => name === table.name);
      return {
        name: table.name,
        heap: perOrder(table.heap, earlier?.heap),
        free: perOrder(table.free, earlier?.free),
        indexes: perOrder(table.indexes, earlier?.indexes),
        toast: perOrder(table.toast, earlier?.toast),
      };
    })
    .map((table) => ({ ...table, all: table.heap + table.indexes + table.toast }))
    .filter(({ all }) => all > 0)
    .sort((a, b) => b.all - a.all);
  const streams = [...after.streams]
    .map(([name, bytes]) => ({ name: `stream ${name}`, all: perOrder(bytes, before.streams.get(name)) }))
    .filter(({ all }) => all > 0);
  const sum = (rows: readonly { all: number }[]): number => rows.reduce((total, { all }) => total + all, 0);
  const onlyAll = (name: string, all: number): string[] => [name, '', '', '', '', whole(all)];
  return markdownTable(
    ['bytes an order', 'heap', 'free', 'indexes', 'toast', 'all'],
    [
      ...tables.map(({ name, heap, free, indexes, toast, all }) => [
        name,
        ...[heap, free, indexes, toast, all].map(whole),
      ]),
      onlyAll('all tables', sum(tables)),
      ...streams.map(({ name, all }) => onlyAll(name, all)),
      onlyAll('tables and streams', sum(tables) + sum(streams)),
      onlyAll('written to the WAL', perOrder(after.wal, before.wal)),
    ],
  );
}
