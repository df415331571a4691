import { readFileSync } from 'node:fs';
import { ConfigError } from '@shop/process';
import { testHive } from '../../test/hive-planner.ts';
import { readSupergraph } from '../supergraph/index.ts';
import { hivePlannerProgram, hivePlannerVersion, requireHivePlanner } from './hive-planner.ts';
import { PlannerThread } from './planner-thread.ts';

const { sdl: supergraphSdl } = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));
const program = hivePlannerProgram;

testHive('the thread plans with Hive’s planner, and passes on its refusals', async () => {
  const thread = new PlannerThread({ supergraphSdl, timeoutMs: 60_000, program });
  await thread.ready();
  const answer = await thread.plan('{ me { orders(first: 1) { totalCount } } }');
  expect(JSON.parse('plan' in answer ? answer.plan : '{}')).toMatchObject({
    planner: 'hive',
    node: {
      kind: 'Sequence',
      nodes: [{ serviceName: 'user' }, { path: [{ Field: 'me' }], node: { serviceName: 'order' } }],
    },
  });
  expect(await thread.plan('{ nothing }')).toEqual({ refusal: expect.any(String) });
  await thread.close();
});

testHive('a planning that takes too long is ended, and the next operation is planned', async () => {
  const thread = new PlannerThread({ supergraphSdl, timeoutMs: 1, graceMs: 60_000, program });
  await thread.ready();
  // Thousands of calls: no machine plans them in a millisecond.
  const fields = Array.from({ length: 2_000 }, (_, index) => `a${index}: me { orders(first: 1) { totalCount } }`);
  expect(await thread.plan(`{ ${fields.join(' ')} }`)).toEqual({ exceeded: 'time' });
  await thread.close();
});

testHive('a supergraph that the planner cannot read fails the start', async () => {
  const thread = new PlannerThread({ supergraphSdl: 'type Query {', timeoutMs: 60_000, program });
  await expect(thread.ready()).rejects.toThrow();
  await thread.close();
});

test.each([
  [
    Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' }),
    /which is not installed\. Run "npm install --no-save /,
  ],
  [
    new Error('Cannot find native binding.\nMore.'),
    /which cannot be loaded\. .*\(Cannot find native binding\.\), or set QUERY_PLANNER=apollo/,
  ],
])('a package that cannot be used is reported with the action: %s', (failure, message) => {
  const load = () => {
    throw failure;
  };
  expect(() => requireHivePlanner(load)).toThrow(message);
  expect(() => requireHivePlanner(load)).toThrow(ConfigError);
});

test('the advised version is the one that the tests run with', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: object };
  expect(devDependencies).toMatchObject({ '@graphql-hive/router-query-planner': hivePlannerVersion });
});
