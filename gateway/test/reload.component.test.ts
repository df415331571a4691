import { mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually, temporaryDirectory } from '@shop/testing';
import { chooseSize } from '@shop/testing/config';
import type { GatewayConfig } from '../src/index.ts';
import { RoutedGraph } from '../src/graph/routed-graph.ts';
import { hashSdl } from '../src/supergraph/index.ts';
import { startForeignGateway, type ForeignGateway } from './foreign-gateway.ts';
import { foreignSchemas, startForeignGraph, type ForeignGraph } from './foreign-graph.ts';
import { createSigningKey, signAccessToken } from './keys.ts';
import { execute, startSystem } from './system.ts';
import { testResolvers } from './resolvers.ts';

const quick = { intervalMs: 50, settleMs: 20 };

let graph: ForeignGraph;
let gateway: ForeignGateway;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let file: string;

beforeEach(async () => {
  graph = await startForeignGraph();
  folder = await temporaryDirectory();
  file = path.join(folder.path, 'supergraph.graphql');
});
afterEach(async () => {
  graph.finishSlow();
  await gateway?.close();
  await graph.closeAll();
  await folder.remove();
});

const composeEdition = (edition: number) => graph.compose(foreignSchemas(edition));

/** As an editor or a deployment does. */
function replaceFile(sdl: string): void {
  writeFileSync(`${file}.new`, sdl);
  renameSync(`${file}.new`, file);
}

async function start(config: Partial<GatewayConfig> = {}, follow = quick): Promise<void> {
  const sdl = composeEdition(0);
  replaceFile(sdl);
  gateway = await startForeignGateway(sdl, { config, follow: { file, ...follow } });
}

/** Waits until the edition is served, and the one before is not. */
async function expectEdition(edition: number): Promise<void> {
  await eventually(async () =>
    expect((await execute(gateway.url, `{ edition${edition} }`)).data).toEqual({ [`edition${edition}`]: edition }),
  );
  expect((await execute(gateway.url, `{ edition${edition - 1} }`)).errors?.[0]?.extensions['code']).toBe(
    'GRAPHQL_VALIDATION_FAILED',
  );
}

const refusals = () => gateway.lines.filter(({ msg }) => String(msg).includes('is not served'));

describe.each(['own', 'stock'] as const)('with the engine "%s"', (engine) => {
  test('no request fails while the file is replaced ten times, once by a broken one', async () => {
    await start({ engine });
    let isDone = false;
    const answers = { right: 0, wrong: [] as unknown[] };
    const expected = JSON.stringify((await execute(gateway.url, '{ films { id title stars } }')).data);
    const operations = [
      '{ films { id title stars } }',
      'query A { films { id title stars } }',
      'query B { films { ...F } } fragment F on Film { id title stars }',
    ];
    const clients = Array.from({ length: 6 }, async (_, client) => {
      for (let turn = client; !isDone; turn += 1) {
        // One of four texts is new each time, so that it is prepared.
        const text = turn % 4 === 3 ? `query N${client}_${turn} ${operations[0]}` : (operations[turn % 3] ?? '');
        const { status, data, errors } = await execute(gateway.url, text).catch((error: unknown) => ({
          status: 0,
          data: undefined,
          errors: error,
        }));
        if (status === 200 && errors === undefined && JSON.stringify(data) === expected) answers.right += 1;
        else answers.wrong.push({ status, data, errors });
        // Some hundred requests a second are enough to meet each replacement, and leave the processor to the reloads.
        await sleep(10);
      }
    });
    try {
      for (let edition = 1; edition <= 10; edition += 1) {
        const sdl = composeEdition(edition);
        if (edition === 5) {
          replaceFile(sdl.slice(0, sdl.length / 2));
          await eventually(() => expect(refusals()).toHaveLength(1));
        }
        replaceFile(sdl);
        await expectEdition(edition);
      }
    } finally {
      isDone = true;
      await Promise.all(clients);
    }
    expect(answers.wrong).toEqual([]);
    expect(answers.right).toBeGreaterThan(100);
    const count = (outcome: string) =>
      gateway.readMetric(`shop_gateway_supergraph_reloads_total{outcome="${outcome}"}`);
    expect([await count('loaded'), await count('refused')]).toEqual([10, 1]);
    expect(await gateway.readMetric(`shop_gateway_supergraph_info{hash="${hashSdl(composeEdition(10))}"}`)).toBe(1);
    await eventually(async () => expect(await gateway.readMetric('shop_gateway_supergraphs')).toBe(1));
  });

  test('a request in flight finishes on its supergraph, which is freed then', async () => {
    // The request must outlast the reload, which takes its time on a busy machine.
    await start({ engine, subgraphTimeoutMs: 120_000 });
    const slow = execute(gateway.url, '{ slow edition0 }');
    await eventually(() => expect(graph.slow).toBe(1));
    replaceFile(composeEdition(1));
    await expectEdition(1);
    expect(await gateway.readMetric('shop_gateway_supergraphs')).toBe(2);
    graph.finishSlow();
    expect((await slow).data).toEqual({ slow: 1, edition0: 0 });
    await eventually(async () => expect(await gateway.readMetric('shop_gateway_supergraphs')).toBe(1));
  });
});

describe('a file that cannot be served', () => {
  test.each([
    ['has no GraphQL', 'not GraphQL at all }'],
    ['is empty', ''],
    ['is a schema, and no supergraph', 'type Query { films: [String] }'],
  ])('because it %s changes nothing, is logged once, and is tried again when it changes', async (_why, text) => {
    await start();
    replaceFile(text);
    await eventually(() => expect(refusals()).toHaveLength(1));
    await sleep(10 * quick.intervalMs);
    expect(refusals()).toEqual([
      expect.objectContaining({ level: 'error', file, hash: hashSdl(text), reason: expect.stringMatching(/\w{3}/) }),
    ]);
    expect((await execute(gateway.url, '{ edition0 films { stars } }')).errors).toBeUndefined();
    expect(await gateway.readMetric('shop_gateway_supergraph_reloads_total{outcome="refused"}')).toBe(1);
    const health = (await (await fetch(`${gateway.url}/health`)).json()) as Record<string, unknown>;
    expect(health).toMatchObject({ status: 'degraded', behind: ['a new supergraph'] });
    expect(health).not.toHaveProperty('supergraph');
    replaceFile(composeEdition(1));
    await expectEdition(1);
    expect(await (await fetch(`${gateway.url}/health`)).json()).toMatchObject({ status: 'ok' });
  });

  test('because a subgraph has no URL leaves no client and no thread', async () => {
    await start();
    const sdl = composeEdition(1).replaceAll(graph.getUrl('film-reviews'), '');
    replaceFile(sdl);
    await eventually(() => expect(refusals()[0]?.['reason']).toContain('Set SUBGRAPH_FILM_REVIEWS_URL'));
    expect(await gateway.readMetric('shop_gateway_supergraphs')).toBe(1);
  });

  test('because it was deleted is served again when it is back', async () => {
    await start();
    rmSync(file);
    await eventually(() => expect(refusals()).toHaveLength(1));
    expect(refusals()[0]).toMatchObject({ reason: 'it cannot be read (ENOENT)' });
    replaceFile(composeEdition(0));
    await eventually(() =>
      expect(gateway.lines.map(({ msg }) => msg)).toContain('the supergraph file has the supergraph that is served'),
    );
    replaceFile(composeEdition(1));
    await expectEdition(1);
  });
});

test('a file that is written in steps is read when it is whole', async () => {
  await start({}, { intervalMs: 10, settleMs: 300 });
  const sdl = composeEdition(1);
  const step = Math.ceil(sdl.length / 20);
  for (let end = step; end < sdl.length + step; end += step) {
    writeFileSync(file, sdl.slice(0, end));
    await sleep(50);
  }
  await expectEdition(1);
  expect(refusals()).toEqual([]);
});

test('a change that leaves the size and the time of the file is noticed', async () => {
  await start();
  const { atime, mtime, size } = statSync(file);
  writeFileSync(file, composeEdition(1));
  expect(statSync(file).size).toBe(size);
  utimesSync(file, atime, mtime);
  await expectEdition(1);
});

test('a file behind a link that is replaced, as in a ConfigMap of Kubernetes, is noticed', async () => {
  const inFolder = (...names: string[]): string => path.join(folder.path, ...names);
  const mount = (name: string, sdl: string): void => {
    mkdirSync(inFolder(name));
    writeFileSync(inFolder(name, 'supergraph.graphql'), sdl);
    symlinkSync(name, inFolder('..data_tmp'));
    renameSync(inFolder('..data_tmp'), inFolder('..data'));
  };
  mount('..2026_1', composeEdition(0));
  symlinkSync(path.join('..data', 'supergraph.graphql'), file);
  gateway = await startForeignGateway(composeEdition(0), { follow: { file, ...quick } });
  mount('..2026_2', composeEdition(1));
  rmSync(inFolder('..2026_1'), { recursive: true });
  await expectEdition(1);
});

test('reload loads the file at once, also when it is the same, and reads the manifests again', async () => {
  const manifest = path.join(folder.path, 'manifest.json');
  writeFileSync(manifest, '{}');
  await start({ persistedOperations: { mode: 'enforce', files: [manifest] } }, { intervalMs: 600_000, settleMs: 20 });
  const freeText = { 'x-free-text': 'test' };
  replaceFile(composeEdition(1));
  await gateway.reload();
  expect((await execute(gateway.url, '{ edition1 }', freeText)).data).toEqual({ edition1: 1 });
  expect((await execute(gateway.url, '{ reviewer }')).errors?.[0]?.extensions['code']).toBe('QUERY_NOT_IN_SAFELIST');
  writeFileSync(manifest, JSON.stringify({ [`sha256:${await sha256('{ reviewer }')}`]: '{ reviewer }' }));
  await gateway.reload();
  expect((await execute(gateway.url, '{ reviewer }')).data).toEqual({ reviewer: 'Kracauer' });
  // The operation is not valid for the next one.
  writeFileSync(file, graph.compose({ films: foreignSchemas(2)['films'] ?? '' }));
  await gateway.reload();
  expect((await execute(gateway.url, '{ reviewer }')).errors?.[0]?.extensions['code']).toBe(
    'GRAPHQL_VALIDATION_FAILED',
  );
  expect(gateway.lines.map(({ msg }) => msg)).toContain('a persisted operation is not valid for the schema');
});

async function sha256(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex');
}

test('loads that are asked for at the same time follow each other', async () => {
  await start({}, { intervalMs: 1, settleMs: 1 });
  replaceFile(composeEdition(1));
  await Promise.all([gateway.reload(), gateway.reload(), gateway.reload()]);
  await expectEdition(1);
  expect(refusals()).toEqual([]);
});

test('subgraphs are added and removed, and those that stay keep their breakers', async () => {
  await start({ subgraphWaitMs: 100 });
  const { films = '' } = foreignSchemas();
  const names = async () =>
    Object.keys(((await (await fetch(`${gateway.url}/health`)).json()) as { subgraphs: object }).subgraphs);
  expect((await names()).sort()).toEqual(['film-reviews', 'films']);
  await graph.close('films');
  await execute(gateway.url, '{ films { id } }');
  await eventually(async () =>
    expect(await gateway.readMetric('shop_gateway_subgraph_instances{subgraph="films",breaker="open"}')).toBe(1),
  );
  replaceFile(graph.compose({ films }));
  await eventually(async () => expect(await names()).toEqual(['films']));
  expect((await execute(gateway.url, '{ reviewer }')).errors?.[0]?.extensions['code']).toBe(
    'GRAPHQL_VALIDATION_FAILED',
  );
  expect(await gateway.readMetric('shop_gateway_subgraph_instances{subgraph="films",breaker="open"}')).toBe(1);
  expect(
    await gateway.readMetric('shop_gateway_subgraph_instances{subgraph="film-reviews",breaker="closed"}'),
  ).toBeUndefined();

  replaceFile(composeEdition(1));
  await eventually(async () => expect((await names()).sort()).toEqual(['film-reviews', 'films']));
  expect((await execute(gateway.url, '{ reviewer }')).data).toEqual({ reviewer: 'Kracauer' });
});

test('the plans that were used are made before a new supergraph is served', async () => {
  await start();
  await execute(gateway.url, '{ films { id stars } }');
  const misses = () => gateway.readMetric('shop_gateway_plan_lookups_total{result="miss"}');
  const before = await misses();
  replaceFile(composeEdition(1));
  await expectEdition(1);
  const between = await misses();
  await execute(gateway.url, '{ films { id stars } }');
  expect([before, await misses()]).toEqual([1, between]);
});

test('operators see which supergraph is served, and why a file is not', async () => {
  const key = await createSigningKey('access-1');
  const system = await startSystem(testResolvers, {});
  try {
    system.jwks = [key.publicJwk];
    const token = await signAccessToken(key, { scope: 'ops:write' });
    const health = async (headers: Record<string, string>) =>
      (await (await fetch(`${system.gateway.url}/health`, { headers })).json()) as Record<string, unknown>;
    expect((await health({ authorization: `Bearer ${token}` }))['supergraph']).toEqual({
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      loadedAt: expect.stringMatching(/^\d{4}-/),
    });
    expect(await health({})).not.toHaveProperty('supergraph');
  } finally {
    await system.close();
  }
});

test('reloads leave no supergraph, client or thread behind', async () => {
  const turns = chooseSize({ short: 12, long: 50 });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const served = new Map<string, WeakRef<RoutedGraph>>();
  const enterGraph = Object.getOwnPropertyDescriptor(RoutedGraph.prototype, 'enter')?.value as () => void;
  RoutedGraph.prototype.enter = function (): void {
    served.set(this.loadedAt.toISOString(), new WeakRef(this));
    enterGraph.call(this);
  };
  try {
    await start({}, { intervalMs: 600_000, settleMs: 1 });
    await gateway.reload();
    const before = countThreads();
    for (let turn = 1; turn <= turns; turn += 1) {
      const edition = turn % 10;
      const schemas = foreignSchemas(edition);
      // Each second one has a subgraph less.
      writeFileSync(file, graph.compose(turn % 2 === 0 ? schemas : { films: schemas['films'] ?? '' }));
      await gateway.reload();
      expect((await execute(gateway.url, `{ films { title } edition${edition} }`)).errors).toBeUndefined();
    }
    expect(refusals()).toEqual([]);
    expect(served.size).toBe(turns);
    // The last one is closed in the background.
    await eventually(async () => expect(await gateway.readMetric('shop_gateway_supergraphs')).toBe(1));
    await eventually(() => {
      collect();
      expect([...served.values()].filter((reference) => reference.deref() !== undefined).length).toBeLessThanOrEqual(2);
    });
    // The process has others that come and go.
    await eventually(() => expect(countThreads()).toBeLessThan(before + 5));
  } finally {
    RoutedGraph.prototype.enter = enterGraph;
  }
});

/** The threads of this process. Only Linux tells. */
const countThreads = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0);
