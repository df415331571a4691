import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually, temporaryDirectory } from '@shop/testing';
import { foreignSchemas, startForeignGraph, type ForeignGraph } from '../gateway/test/foreign-graph.ts';
import { createSigningKey } from '../gateway/test/keys.ts';
import { execute } from '../gateway/test/system.ts';

let graph: ForeignGraph;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let file: string;
let gateway: ChildProcess | undefined;

beforeEach(async () => {
  graph = await startForeignGraph();
  folder = await temporaryDirectory();
  file = path.join(folder.path, 'supergraph.graphql');
});
afterEach(async () => {
  gateway?.kill('SIGKILL');
  await graph.closeAll();
  await folder.remove();
});

/** Starts the program with nothing in its environment but this. */
async function startProgram(env: NodeJS.ProcessEnv): Promise<{ output: () => string; exitCode: () => number | null }> {
  const { privateJwk } = await createSigningKey('internal-1');
  let output = '';
  const program = spawn(process.execPath, ['dist/gateway.js'], {
    env: {
      PATH: process.env['PATH'],
      GATEWAY_PORT: '0',
      METRICS_PORT: '0',
      INTERNAL_TOKEN_KEY: JSON.stringify(privateJwk),
      ...env,
    },
  });
  gateway = program;
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (text) => (output += String(text)));
  return { output: () => output, exitCode: () => program.exitCode };
}

test('the gateway serves the supergraph of SUPERGRAPH_FILE without a broker, and SIGHUP loads it again', async () => {
  writeFileSync(file, graph.compose());
  const { output, exitCode } = await startProgram({ SUPERGRAPH_FILE: file });
  await eventually(() => expect(output()).toContain('"msg":"ready"'));
  const url = new URL(String(/"url":"(http:[^"]+)"/.exec(output())?.[1])).origin;
  const ask = async (query: string) => (await execute(url, query)).data;
  expect(await ask('{ films { title stars } edition0 }')).toMatchObject({ edition0: 0 });

  const count = () => output().split('a new supergraph is served').length - 1;
  gateway?.kill('SIGHUP');
  await eventually(() => expect(count()).toBe(1));
  writeFileSync(file, graph.compose(foreignSchemas(1)));
  await eventually(async () => expect(await ask('{ edition1 }')).toEqual({ edition1: 1 }));
  gateway?.kill('SIGTERM');
  await eventually(() => expect(exitCode()).toBe(0));
});

test.each([
  [
    'a file that does not exist',
    () => undefined,
    { SUPERGRAPH_FILE: 'nothing.graphql' },
    'nothing.graphql cannot be read (ENOENT). Set SUPERGRAPH_FILE to a composed supergraph.',
  ],
  [
    'a file without GraphQL',
    () => 'type {',
    {},
    /The supergraph in \S+ cannot be served: Syntax Error: .*SUPERGRAPH_FILE/,
  ],
  [
    'a subgraph without a URL',
    () => graph.compose().replaceAll(graph.getUrl('film-reviews'), ''),
    {},
    'The subgraph "film-reviews" has no URL: its routing URL is "". Set SUBGRAPH_FILM_REVIEWS_URL',
  ],
  [
    'our issuer of tokens without a broker',
    () => readFileSync('gateway/supergraph.graphql', 'utf8'),
    {},
    'NATS_URL is missing: the subgraph "user" issues access tokens',
  ],
])('the start with %s fails with a message that says what to do', async (_what, createSdl, env, message) => {
  const sdl = createSdl();
  if (sdl !== undefined) writeFileSync(file, sdl);
  const { output, exitCode } = await startProgram({ SUPERGRAPH_FILE: file, ...env });
  await eventually(() => expect(exitCode()).toBe(1));
  expect(output()).toMatch(message);
  expect(output()).not.toMatch(/^\s+at /m);
});
