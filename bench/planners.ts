import { readFileSync } from 'node:fs';
import os from 'node:os';
import { hivePlannerProgram, requireHivePlanner } from '../gateway/src/planning/hive-planner.ts';
import { PlannerThread } from '../gateway/src/planning/planner-thread.ts';
import { readSupergraph } from '../gateway/src/supergraph/index.ts';
import { composeGraph, subgraphNames, type SubgraphName } from './gateway/graph.ts';
import { operations as measured } from './gateway/operations.ts';
import type { PlannersOptions } from './planners/options.ts';
import { markdownTable } from './results/markdown-table.ts';
import { rotate } from './results/rotate.ts';
import { median } from './results/statistics.ts';
import { writeResults } from './results/write-results.ts';

/** Operations of one supergraph, which are one line of the table. */
interface Line {
  readonly title: string;
  readonly sdl: string;
  readonly texts: readonly string[];
}

type PlannerName = 'apollo' | 'hive';

/** Milliseconds: until the planner was ready, and for each operation in each round. */
interface Times {
  readonly start: number;
  readonly rounds: number[][];
}

/**
 * Measures how long the planners plan operations. Neither keeps plans, so each operation is new to them. The times contain the way to the
 * thread and back.
 */
export async function planners({ rounds }: PlannersOptions): Promise<void> {
  requireHivePlanner();
  const loadBefore = os.loadavg()[0] ?? 0;
  const rows: string[][] = [];
  for (const line of listLines()) rows.push(describe(line, await measure(line, rounds)));
  const [cpu] = os.cpus();
  const load = `load average ${loadBefore.toFixed(1)} before and ${(os.loadavg()[0] ?? 0).toFixed(1)} after`;
  const state =
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${os.cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ` +
    `Node ${process.versions.node}, ${load}, ${rounds} rounds.`;
  const head = [
    'operations',
    'Apollo, first',
    'Hive, first',
    'ratio',
    'Apollo, later',
    'Hive, later',
    'ratio',
    'ready',
  ];
  const results = `${state}\n\n${markdownTable(head, rows)}`;
  console.log(`\n${results}\n`);
  console.log(`Written to ${await writeResults('planners', results)}.`);
}

function listLines(): readonly Line[] {
  const shop = readFileSync('gateway/supergraph.graphql', 'utf8');
  const manifest = JSON.parse(readFileSync('clients/typescript/persisted-operations.json', 'utf8')) as {
    operations: readonly { readonly body: string }[];
  };
  const urls = Object.fromEntries(subgraphNames.map((name) => [name, `http://${name}`])) as Record<
    SubgraphName,
    string
  >;
  const graph = composeGraph(urls);
  const readText = ({ body }: { readonly body: string }) => (JSON.parse(body) as { query: string }).query;
  return [
    {
      title: `the shop's ${manifest.operations.length}`,
      sdl: shop,
      texts: manifest.operations.map(({ body }) => dropDescription(body)),
    },
    ...[measured.calls, measured.heavy].map((each) => ({ title: each.title, sdl: graph, texts: [readText(each)] })),
  ];
}

/** The gateway drops it too. Hive's parser refuses descriptions of operations. */
const dropDescription = (text: string): string => text.replace(/^"[^"]*" /, '');

async function measure({ sdl, texts }: Line, rounds: number): Promise<Readonly<Record<PlannerName, Times>>> {
  const supergraph = readSupergraph(sdl);
  const threads: { readonly name: PlannerName; readonly thread: PlannerThread }[] = [];
  const times = {} as Record<PlannerName, Times>;
  try {
    for (const name of ['apollo', 'hive'] as const) {
      const startedAt = performance.now();
      const program = name === 'hive' ? { program: hivePlannerProgram } : {};
      const supergraphSdl = name === 'hive' ? supergraph.sdl : supergraph.variantSdl;
      const thread = new PlannerThread({ supergraphSdl, timeoutMs: 60_000, ...program });
      threads.push({ name, thread });
      await thread.ready();
      times[name] = { start: performance.now() - startedAt, rounds: [] };
    }
    for (let round = 0; round < rounds; round += 1)
      for (const { name, thread } of rotate(threads, round)) {
        const ofRound: number[] = [];
        for (const text of texts) {
          const startedAt = performance.now();
          const answer = await thread.plan(text);
          if (!('plan' in answer)) throw new Error(`${name} does not plan ${text}: ${JSON.stringify(answer)}`);
          ofRound.push(performance.now() - startedAt);
        }
        times[name].rounds.push(ofRound);
      }
  } finally {
    await Promise.all(threads.map(({ thread }) => thread.close()));
  }
  return times;
}

function describe({ title }: Line, { apollo, hive }: Readonly<Record<PlannerName, Times>>): string[] {
  const mean = (values: readonly number[] = []) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const readFirst = ({ rounds }: Times) => mean(rounds[0]);
  const readLater = ({ rounds }: Times) => median(rounds.slice(1).map(mean));
  const inMs = (value: number) => `${value.toFixed(2)} ms`;
  const compare = (read: (times: Times) => number) => [
    inMs(read(apollo)),
    inMs(read(hive)),
    `${(read(apollo) / read(hive)).toFixed(1)}x`,
  ];
  return [
    title,
    ...compare(readFirst),
    ...compare(readLater),
    `${Math.round(apollo.start)} and ${Math.round(hive.start)} ms`,
  ];
}
