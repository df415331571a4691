import { readFileSync, writeFileSync } from 'node:fs';
import type { Supergraph } from '@shop/testing/supergraph';
import { getOperationAST, parse } from 'graphql';
import { readSupergraph } from '../../gateway/src/index.ts';
import { createLiveOperation } from '../../gateway/src/live/live-operation.ts';
import { testHive } from '../../gateway/test/hive-planner.ts';
import { readClientOperations, type ClientOperation } from './client-operations.ts';
import { ourSupergraph } from './our-supergraph.ts';
import { variablesOf } from './variables.ts';

const operations = readClientOperations('clients/operations');
const everyone = {
  userId: '00000000-0000-4000-8000-000000000001',
  scopes: [
    'ops:write',
    'user:read',
    'user:write',
    'product:write',
    'inventory:read',
    'inventory:write',
    'order:read',
    'order:write',
    'task:read',
    'notification:read',
  ],
};
/**
 * The calls to subgraphs that each operation costs, one line each; for a subscription, those of a message. A review shows a change that
 * makes an operation more expensive.
 */
const file = 'e2e/contracts/subgraph-calls.txt';

const model = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));

/** The operation that the gateway executes. For a subscription, it is the query for each message. */
function requestOf({ text, node }: ClientOperation, { schema }: Supergraph) {
  const variables = variablesOf(node, schema);
  if (node.operation !== 'subscription') return { text, variables };
  const document = parse(text);
  const operation = getOperationAST(document);
  if (operation == null) throw new Error(`${text} has several operations.`);
  const live = createLiveOperation(document, operation, { supergraph: model, schema });
  return { text: live.text, variables: { [live.idVariable]: everyone.userId } };
}

let supergraph: Supergraph;
beforeAll(async () => {
  supergraph = await ourSupergraph();
});
afterAll(() => supergraph?.stop());

test('there are operations', () => {
  expect(operations.length).toBeGreaterThan(30);
});

test.each(operations)('$name is valid, within the limits, planned and answered', async (operation) => {
  const { text, variables } = requestOf(operation, supergraph);
  const { data, errors } = await supergraph.execute(text, { variables, as: everyone });
  expect(errors).toBeUndefined();
  // Made-up data has no null: a field is null only when no subgraph was asked for it.
  expect(JSON.stringify(data)).not.toContain('null');
});

async function callsIn(graph: Supergraph): Promise<string> {
  const lines = [];
  for (const operation of operations) {
    const { text, variables } = requestOf(operation, graph);
    const { calls } = await graph.execute(text, { variables, as: everyone });
    const services = calls.map(({ service }) => service).sort();
    lines.push(`${operation.name.padEnd(24)} ${calls.length}  ${services.join(', ')}\n`);
  }
  return lines.join('');
}

test('each operation costs the recorded calls to subgraphs', async () => {
  const calls = await callsIn(supergraph);
  if (process.env['WRITE_SUBGRAPH_CALLS'] !== undefined) writeFileSync(file, calls);
  // After an intended change: WRITE_SUBGRAPH_CALLS=1 npm test -- composition
  expect(calls).toBe(readFileSync(file, 'utf8'));
});

testHive('with Hive’s planner, each operation is answered and costs the same calls', async () => {
  const graph = await ourSupergraph({}, undefined, 'hive');
  try {
    expect(await callsIn(graph)).toBe(readFileSync(file, 'utf8'));
    for (const operation of operations) {
      const { text, variables } = requestOf(operation, graph);
      const { data, errors } = await graph.execute(text, { variables, as: everyone });
      expect([errors, JSON.stringify(data).includes('null')]).toEqual([undefined, false]);
    }
  } finally {
    await graph.stop();
  }
});

test('a schema change that adds a call is reported', async () => {
  // The change moves Product.onSale to another subgraph.
  const described = '  "True when customers can see and order it."\n';
  const moved = await ourSupergraph({}, (typeDefs, name) => {
    if (name === 'product') return typeDefs.replace(`${described}  onSale: Boolean!\n  "Grows`, '  "Grows');
    return name === 'order'
      ? typeDefs.replace(
          'type Product @key(fields: "id", resolvable: false) {',
          `type Product @key(fields: "id") {\n${described}  onSale: Boolean`,
        )
      : typeDefs;
  });
  const calls = await callsIn(moved);
  await moved.stop();
  expect(readFileSync(file, 'utf8')).toContain('ProductPage              1  product\n');
  expect(calls).toContain('ProductPage              2  order, product\n');
});

test('a caller without permission gets errors, and no subgraph is called', async () => {
  const { text, node } = operations.find(({ name }) => name === 'ListOrders')!;
  const { errors, calls } = await supergraph.execute(text, { variables: variablesOf(node, supergraph.schema) });
  expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['UNAUTHENTICATED']);
  expect(calls).toEqual([]);
});
