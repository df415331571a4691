import os from 'node:os';
import path from 'node:path';
import { createBenchProgram } from '../bench/program.ts';
import { runProgram } from '../cli/src/command-line/run-program.ts';
import type { ShopCommand } from '../cli/src/command-line/shop-command.ts';
import { createAttacksProgram } from './attacks/options.ts';
import { createFaultsProgram } from './faults/options.ts';
import { createPowerCutProgram } from './powercut/options.ts';
import { createArchiveProgram } from './upgrade/make/options.ts';

/** Runs a command line. Returns its exit code, its messages, its help, and the options of everything that would run. */
async function run(create: (record: (options: object) => Promise<void>) => ShopCommand, args: readonly string[]) {
  const [notes, started, help]: [string[], object[], string[]] = [[], [], []];
  const program = create(async (options) => void started.push(options));
  for (const command of [program, ...program.commands])
    command.configureOutput({ writeOut: (text) => void help.push(text) });
  const code = await runProgram(program, args, (line) => void notes.push(line));
  return { code, notes, started, help: help.join('') };
}

const benchmarks = [
  'orders',
  'catalogue',
  'messaging',
  'healing',
  'growth',
  'retention',
  'restarts',
  'traces',
  'gateway',
  'planners',
  'cache',
  'subscriptions',
  'history',
  'import',
  'sign-ins',
  'entities',
  'shops',
] as const;
type Record = (options: object) => Promise<void>;
const recordAll = (record: Record) =>
  Object.fromEntries(benchmarks.map((name) => [name, record])) as { [name in (typeof benchmarks)[number]]: Record };
const bench = (...args: string[]) => run((record) => createBenchProgram(recordAll(record)), args);
const faults = (...args: string[]) => run((record) => createFaultsProgram(() => 42, record), args);
const powercut = (...args: string[]) => run((record) => createPowerCutProgram(() => 42, record), args);
const attack = (...args: string[]) => run((record) => createAttacksProgram(() => record({})), args);
const archive = (...args: string[]) => run(createArchiveProgram, args);

test('options have defaults, and the default seed is new each time', async () => {
  expect((await faults()).started).toEqual([
    { seconds: 230, seed: 42, units: 100, workers: 24, replicas: 1, plant: null },
  ]);
  expect((await powercut()).started).toEqual([{ cuts: 20, seed: 42, nats: null, damage: 'none', keep: false }]);
  expect((await bench('messaging')).started).toEqual([
    { sync: ['always', '1s', '10s', '2m'], events: 10_000, rounds: 5 },
  ]);
  expect((await bench('orders')).started).toMatchObject([{ clients: [1, 16, 64], isAtRest: true, isComplete: true }]);
  expect((await bench('growth')).started).toEqual([{ orders: 1_000 }]);
  expect((await bench('history')).started).toEqual([{ sizes: [10_000, 1_000_000], requests: 15 }]);
  expect((await bench('sign-ins')).started).toEqual([{ clients: 8, rounds: 5, seconds: 8 }]);
  expect((await bench('entities')).started).toEqual([{ rounds: 5, seconds: 4 }]);
  expect((await bench('import')).started).toEqual([{ products: 100_000 }]);
  expect((await bench('retention')).started).toEqual([{ events: 10_000, weeks: 6 }]);
  expect((await bench('restarts')).started).toEqual([{ clients: 16, rounds: 5 }]);
  expect((await bench('cache')).started).toEqual([{ seconds: 5, rounds: 5, orders: 100 }]);
  expect((await bench('subscriptions')).started).toEqual([{ subscribers: 10_000, changes: 30, orders: 1_000 }]);
  expect((await bench('traces')).started).toEqual([{ requests: 10_000, rounds: 4, generations: 12 }]);
  expect((await bench('catalogue')).started).toMatchObject([{ seconds: 3, showSql: false, isComplete: true }]);
  expect((await bench('gateway')).started).toEqual([
    {
      seconds: 4,
      rounds: 5,
      rows: ['calls', 'heavy', 'list', 'unseen', 'memory'],
      peers: ['fallback', 'stock'],
      peersFolder: path.join(os.tmpdir(), 'federated-commerce-bench-peers'),
      connections: [16, 64],
      isComplete: false,
    },
  ]);
  expect((await bench('shops')).started).toEqual([
    {
      peers: ['vendure', 'medusa'],
      peersFolder: path.join(os.tmpdir(), 'federated-commerce-bench-peers'),
      rows: ['list', 'product', 'order'],
      products: 10_000,
      clients: 16,
      rounds: 3,
      seconds: 8,
      isComplete: true,
    },
  ]);
  expect((await attack()).started).toHaveLength(1);
  expect((await archive()).started).toMatchObject([{ release: process.cwd() }]);
});

test('options are read, and a part of a benchmark is not complete', async () => {
  expect(
    (await faults('--seconds', '60', '--seed', '0', '--units', '5', '--replicas', '2', '--plant', 'no-dedup')).started,
  ).toEqual([{ seconds: 60, seed: 0, units: 5, workers: 24, replicas: 2, plant: 'no-dedup' }]);
  expect((await powercut('--cuts', '1', '--seed', '0', '--nats', '/n', '--damage', 'flip', '--keep')).started).toEqual([
    { cuts: 1, seed: 0, nats: '/n', damage: 'flip', keep: true },
  ]);
  expect((await bench('orders', '--clients', '16,1', '--seconds', '0.5', '--only', 'rest,many')).started).toEqual([
    {
      clients: [1, 16],
      seconds: 0.5,
      baskets: ['many products'],
      isAtRest: true,
      isWithoutMessages: false,
      isComplete: false,
    },
  ]);
  expect((await bench('catalogue', '--sizes', '1000,100', '--only', 'by id,prefix', '--sql')).started).toEqual([
    { sizes: [100, 1000], seconds: 3, only: ['search: a prefix', 'product by id'], showSql: true, isComplete: false },
  ]);
  expect((await bench('gateway', '--peers', 'hive,grafbase,stock,fallback')).started).toMatchObject([
    { peers: ['fallback', 'stock', 'grafbase', 'hive'], isComplete: true },
  ]);
  expect(
    (
      await bench(
        'gateway',
        '--rows',
        'memory,call',
        '--peers',
        'hive',
        '--peers-folder',
        'peers',
        '--connections',
        '1',
      )
    ).started,
  ).toMatchObject([
    {
      rows: ['calls', 'memory'],
      peers: ['hive'],
      peersFolder: path.resolve('peers'),
      connections: [1],
      isComplete: false,
    },
  ]);
  expect((await bench('shops', '--peers', 'vend', '--rows', 'order', '--clients', '4')).started).toMatchObject([
    { peers: ['vendure'], rows: ['order'], clients: 4, isComplete: false },
  ]);
  expect((await bench('shops', '--peers-folder', 'peers', '--products', '500')).started).toMatchObject([
    { peersFolder: path.resolve('peers'), products: 500, isComplete: false },
  ]);
  expect((await bench('messaging', '--sync', '10s', '--events', '7', '--rounds', '1')).started).toEqual([
    { sync: ['10s'], events: 7, rounds: 1 },
  ]);
});

test.each([
  [faults, ['--seconds', '500'], /'500' is invalid\. It must be a whole number from 5 to 250\./],
  [faults, ['--seconds', ''], /It must be a whole number from 5 to 250\./],
  [faults, ['--seed', '-1'], /It must be a whole number from 0 to 4294967295\./],
  [faults, ['--units', '1.5'], /It must be a whole number from 1 to 10000\./],
  [faults, ['--replicas', '0'], /It must be a whole number from 1 to 3\./],
  [faults, ['--plant', 'all'], /Allowed choices are no-dedup, no-stock-condition, no-message-key, deaf-cache\./],
  [faults, ['--speed', '1'], /Unknown option '--speed'\./],
  [faults, ['fast'], /Too many arguments/],
  [powercut, ['--cuts', '0'], /It must be a whole number from 1 to 1000\./],
  [powercut, ['--damage', 'burn'], /Allowed choices are none, flip, truncate\./],
  [bench, ['order'], /Unknown command 'order'\. Did you mean orders\?/],
  [bench, ['orders', '--clients', '1,x'], /It must be whole numbers from 1 to 256, separated by commas\./],
  [bench, ['orders', '--clients', '1,'], /It must be whole numbers from 1 to 256, separated by commas\./],
  [bench, ['orders', '--seconds', '0'], /It must be a number above 0 and at most 60\./],
  [
    bench,
    ['orders', '--only', 'many,few'],
    /It must be parts of these names, separated by commas: at rest, many products/,
  ],
  [bench, ['catalogue', '--sizes', '99'], /It must be whole numbers from 100 to 1000000, separated by commas\./],
  [bench, ['catalogue', '--only', ''], /It must be parts of these names/],
  [bench, ['catalogue', '--sqll'], /Unknown option '--sqll'\. Did you mean --sql\?/],
  [bench, ['history', '--sizes', '999'], /It must be whole numbers from 1000 to 1000000, separated by commas\./],
  [bench, ['messaging', '--sync', '10'], /It must be "always" and durations such as 10s, separated by commas\./],
  [bench, ['growth', '--orders', '0'], /It must be a whole number from 1 to 100000\./],
  [bench, ['retention', '--weeks', '53'], /It must be a whole number from 1 to 52\./],
  [
    bench,
    ['gateway', '--peers', 'apollo'],
    /It must be parts of these names, separated by commas: fallback, stock, grafb/,
  ],
  [
    bench,
    ['gateway', '--rows', 'page'],
    /It must be parts of these names, separated by commas: calls, heavy, list, unseen/,
  ],
  [bench, ['gateway', '--connections', '0'], /It must be whole numbers from 1 to 1000, separated by commas\./],
  [bench, ['gateway', '--rounds', '0'], /It must be a whole number from 1 to 1000\./],
  [bench, ['shops', '--peers', 'shopify'], /It must be parts of these names, separated by commas: vendure, medusa\./],
  [bench, ['shops', '--products', '99'], /It must be a whole number from 100 to 100000\./],
  [bench, ['messaging', '--rounds', '0'], /It must be a whole number from 1 to 1000\./],
  [archive, ['--release', 'packages'], /It must be an existing folder with a package\.json\./],
  [archive, ['--output', 'missing'], /It must be an existing folder\./],
  [archive, ['--releases', '.'], /Unknown option '--releases'\./],
])('%p %j is refused with one sentence, and nothing runs', async (program, args, sentence) => {
  const { code, notes, started } = await program(...args);
  expect({ code, started }).toEqual({ code: 2, started: [] });
  expect(notes).toEqual([expect.stringMatching(sentence)]);
  expect(notes[0]).toMatch(/ See: npm run [a-z:]+ -- (\w+ )?--help$/);
});

test.each([
  [faults, ['--seconds', '9', '--help'], '--plant <name>'],
  [powercut, ['--help'], '--damage <kind>'],
  [bench, ['--help'], 'catalogue'],
  [bench, [], 'messaging'],
  [bench, ['orders', '--help'], '--clients <numbers>'],
  [bench, ['catalogue', '-h'], '--sizes <numbers>'],
  [bench, ['messaging', '--help'], '--sync <settings>'],
  [bench, ['gateway', '--help'], '--peers-folder <folder>'],
  [bench, ['shops', '--help'], '--peers <names>'],
  [archive, ['--help'], '--release <folder>'],
])('%p %j shows help, and nothing runs', async (program, args, text) => {
  const { help, ...rest } = await program(...args);
  expect(rest).toEqual({ code: 0, notes: [], started: [] });
  expect(help).toContain(text);
});
