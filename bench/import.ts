import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startTestStack, temporaryDirectory, type TestStack } from '@shop/testing';
import { generateCategories, generateProducts } from './catalogue/generate-catalogue.ts';
import { openDatabases } from './growth/databases.ts';
import type { ImportOptions } from './import/options.ts';
import { cpuBetween, listProcesses, readCpuTimes } from './orders/cpu-times.ts';
import { circumstances } from './results/circumstances.ts';
import { markdownTable } from './results/markdown-table.ts';

/** The cost of one run of the command. */
interface Run {
  /** Seconds of the command. */
  readonly seconds: number;
  /** Seconds until all followers have the events too. */
  readonly settled: number;
  /** CPU milliseconds per product until then, of all processes but the command. */
  readonly cpu: ReadonlyMap<string, number>;
}

/** Measures how fast `catalogue import` writes new products, and how fast it finds that all are there already. */
export async function importCatalogue({ products }: ImportOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const directory = await temporaryDirectory();
    ends.push(() => directory.remove());
    const file = path.join(directory.path, 'products.csv');
    await pipeline(Readable.from(csvRows(products)), createWriteStream(file));
    const system = await startTestStack();
    ends.push(system.stop);
    const databases = await openDatabases(system);
    ends.push(databases.close);
    const run = () => measure(system, databases.untilSettled, file, products);
    const runs = [
      ['new products', await run()],
      ['the same again', await run()],
    ] as const;
    const names = [...runs[0][1].cpu.keys()];
    const sum = ({ cpu }: Run): number => [...cpu].reduce((total, [, value]) => total + value, 0);
    const row = (name: string, value: (of: Run) => string): string[] => [name, ...runs.map(([, of]) => value(of))];
    const table = markdownTable(
      ['', ...runs.map(([name]) => name)],
      [
        row('products a second', ({ seconds }) => Math.round(products / seconds).toLocaleString('en-US')),
        row('seconds', ({ seconds }) => seconds.toFixed(1)),
        row('until all services have the events', ({ settled }) => `${settled.toFixed(1)} s`),
        ...names.map((name) => row(`CPU ms a product: ${name}`, ({ cpu }) => (cpu.get(name) ?? 0).toFixed(2))),
        row('CPU ms a product: all of these', (of) => sum(of).toFixed(2)),
      ],
    );
    console.log(`\n${circumstances(loadBefore)} ${products.toLocaleString('en-US')} products.\n\n${table}\n`);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function measure(
  { stack }: TestStack,
  untilSettled: () => Promise<void>,
  file: string,
  products: number,
): Promise<Run> {
  const cpuTimes = () => readCpuTimes(listProcesses(stack), stack.postgres?.pid ?? null);
  const before = await cpuTimes();
  const startedAt = performance.now();
  const args = [
    'dist/shop.js',
    'catalogue',
    'import',
    file,
    '--admin',
    '--url',
    stack.graphqlUrl,
    '--create-categories',
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { PATH: process.env['PATH'], ADMIN_EMAIL: stack.admin.email, ADMIN_PASSWORD: stack.admin.password },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The import ended with the code ${String(code)}.`);
  const seconds = (performance.now() - startedAt) / 1_000;
  await untilSettled();
  const settled = (performance.now() - startedAt) / 1_000;
  const cpu = new Map(
    [...cpuBetween(before, await cpuTimes())].map(([name, used]) => [name, (used * 1_000) / products]),
  );
  return { seconds, settled, cpu };
}

function* csvRows(count: number): Generator<string> {
  const names = new Map(generateCategories().categories.map(({ id, name }) => [id, name]));
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  yield 'sku,name,description,price.amount,price.currencyCode,category,initialStock\n';
  for (const { sku, name, description, priceMinor, categoryId, onHand } of generateProducts(count)) {
    const category = names.get(categoryId) ?? '';
    yield `${[sku, quote(name), quote(description), priceMinor, 'USD', quote(category), onHand].join(',')}\n`;
  }
}
