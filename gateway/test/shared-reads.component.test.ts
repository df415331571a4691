import { eventually } from '@shop/testing';
import { startForeignGateway, type ForeignGateway } from './foreign-gateway.ts';
import { startForeignGraph, type ForeignGraph } from './foreign-graph.ts';
import { execute } from './system.ts';

let graph: ForeignGraph;
let gateway: ForeignGateway;
const start = async (sharesReads: boolean): Promise<void> => {
  gateway = await startForeignGateway(graph.compose(), { config: { sharesReads } });
};
beforeEach(async () => {
  graph = await startForeignGraph();
});
afterEach(async () => {
  graph.finishSlow();
  await gateway.close();
  await graph.closeAll();
});

const agent = { 'user-agent': 'test' };
const waiting = (count: number) => eventually(() => expect(graph.slow).toBe(count));

test('a client that goes away does not end the read of another one', async () => {
  await start(true);
  const leaving = new AbortController();
  const left = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...agent },
    body: JSON.stringify({ query: '{ slow }' }),
    signal: leaving.signal,
  }).catch((error: Error) => error.name);
  await waiting(1);
  const stays = execute(gateway.url, 'query Other { slow }', agent);
  await eventually(async () => {
    expect(await gateway.readMetric('shop_gateway_subgraph_reads_shared_total{subgraph="films"}')).toBe(1);
  });
  leaving.abort();
  expect(await left).toBe('AbortError');
  graph.finishSlow();
  expect((await stays).data).toEqual({ slow: 1 });
  expect(graph.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('reads are not shared when that is switched off', async () => {
  await start(false);
  const both = [execute(gateway.url, '{ slow }', agent), execute(gateway.url, '{ slow }', agent)];
  await waiting(2);
  graph.finishSlow();
  for (const { data } of await Promise.all(both)) expect(data).toEqual({ slow: 1 });
});
