import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { chooseSize, isLongRun } from '@shop/testing/config';
import { startForeignGateway, type ForeignGateway } from './foreign-gateway.ts';
import { startForeignGraph, type ForeignGraph } from './foreign-graph.ts';
import { execute } from './system.ts';

const TIMEOUT_MS = 600_000;

/** Much less than the operations need. */
const caches = { documentBytes: 512 * 1024, planBytes: 96 * 1024, answerBytes: 0 };
/** `npm run bench -- gateway --rows memory` asks for 10,000. */
const operations = chooseSize({ short: 120, long: 3_000 });

let graph: ForeignGraph;
let gateway: ForeignGateway;
beforeAll(async () => {
  graph = await startForeignGraph();
});
afterEach(() => gateway.close());
afterAll(() => graph.closeAll());

async function start(limits: typeof caches): Promise<void> {
  gateway = await startForeignGateway(graph.compose(), { config: { caches: limits } });
}

const operation = (n: number): string =>
  `query Films($v: Boolean = ${n % 2 === 0}) { films { id a${n}: title stars @skip(if: $v) details } reviewer }`;

async function ask(n: number): Promise<void> {
  const { errors, data } = await execute(gateway.url, operation(n));
  expect(errors).toBeUndefined();
  expect(data?.['films']).toMatchObject([{ [`a${n}`]: 'Metropolis' }, { [`a${n}`]: 'M' }]);
}

const read = async (name: string): Promise<number> => (await gateway.readMetric(name)) ?? NaN;

/** Bytes of the heap after a collection, without what the test's own servers have written down. */
function measureHeap(): number {
  graph.calls.length = 0;
  gateway.lines.length = 0;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let n = 0; n < 3; n += 1) collect();
  return process.memoryUsage().heapUsed;
}

test(
  `${operations} distinct operations take no more memory than the limits`,
  async () => {
    await start(caches);
    // So many fill both, so that the heap should grow no more.
    const filled = operations / 3;
    let before = 0;
    for (let n = 0; n < operations; n += 1) {
      // The second time finds what the first has prepared.
      for (let time = 0; time < 2; time += 1) await ask(n);
      if (n === Math.floor(filled) && isLongRun()) before = measureHeap();
      if (n % 20 !== 19) continue;
      expect(await read('shop_gateway_documents_bytes')).toBeLessThanOrEqual(caches.documentBytes);
      expect(await read('shop_gateway_plans_bytes')).toBeLessThanOrEqual(caches.planBytes);
    }
    for (const name of ['shop_gateway_documents', 'shop_gateway_plans']) {
      expect(await read(name)).toBeGreaterThan(5);
      expect(await read(name)).toBeLessThan(100);
    }
    // An operation that was dropped is prepared again.
    await ask(0);
    if (isLongRun()) expect(measureHeap() - before).toBeLessThan(8 * 1024 * 1024);
  },
  TIMEOUT_MS,
);

test('without memory for operations each request is answered', async () => {
  await start({ documentBytes: 0, planBytes: 0, answerBytes: 0 });
  for (let time = 0; time < 3; time += 1) await ask(1);
  for (const name of ['documents', 'documents_bytes', 'plans', 'plans_bytes'])
    expect(await read(`shop_gateway_${name}`)).toBe(0);
});
