import { readFileSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readSupergraph } from '../supergraph/index.ts';
import { PlannerThread } from './planner-thread.ts';

const supergraphSdl = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8')).plannerSdl;
const folder = mkdtempSync(path.join(tmpdir(), 'planner-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that does what the operation says, to show what happens to a planner that goes astray. */
const program = pathToFileURL(path.join(folder, 'program.mjs'));
writeFileSync(
  program,
  `import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (text) => {
    if (text === 'endless') for (;;);
    if (text === 'large') for (const all = []; ; ) all.push(new Array(10_000).fill(all.length));
    if (text === 'throw') throw new Error('thrown');
    parentPort.postMessage({ plan: text });
  });
  parentPort.postMessage({ isReady: true });`,
);

test('plans an operation', async () => {
  const thread = new PlannerThread({ supergraphSdl, timeoutMs: 60_000 });
  await thread.ready();
  const answer = await thread.plan('{ me { orders(first: 1) { totalCount } } }');
  const { node } = JSON.parse('plan' in answer ? answer.plan : '{}') as { node: { kind: string; nodes: unknown[] } };
  expect([node.kind, node.nodes.length]).toEqual(['Sequence', 2]);
  expect(await thread.plan('{ nothing }')).toEqual({ refusal: expect.stringContaining('nothing') });
  await thread.close();
});

test('an endless planning is ended, and the next operation is planned', async () => {
  const thread = new PlannerThread({ supergraphSdl, timeoutMs: 2_000, program });
  expect(await thread.plan('endless')).toEqual({ exceeded: 'time' });
  expect(await thread.plan('next')).toEqual({ plan: 'next' });
  await thread.close();
});

test('a planning that needs too much memory is ended, and the process goes on', async () => {
  const thread = new PlannerThread({ supergraphSdl, timeoutMs: 60_000, program, maxMemoryMib: 32 });
  expect(await thread.plan('large')).toEqual({ exceeded: 'memory' });
  expect(await thread.plan('next')).toEqual({ plan: 'next' });
  await thread.close();
});

test('a thread that fails is replaced', async () => {
  const thread = new PlannerThread({ supergraphSdl, timeoutMs: 60_000, program });
  await expect(thread.plan('throw')).rejects.toThrow('thrown');
  expect(await thread.plan('next')).toEqual({ plan: 'next' });
  await thread.close();
});

test('a supergraph that the planner cannot read fails the start', async () => {
  const thread = new PlannerThread({ supergraphSdl: 'type Query { a: Int }', timeoutMs: 60_000 });
  await expect(thread.ready()).rejects.toThrow('supergraph');
  await thread.close();
});
