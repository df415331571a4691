import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { concatAST, getOperationAST, Kind, parse, separateOperations, type DocumentNode } from 'graphql';
import { readSupergraph } from '../supergraph/index.ts';
import { estimateFetches } from './estimate-fetches.ts';
import { defaultLimits } from './operation-limits.ts';

const supergraph = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));
const composed = Supergraph.build(supergraph.plannerSdl, { validateSupergraph: false });
const planner = new QueryPlanner(composed);

function countPlanned(document: DocumentNode): number {
  const plan = planner.buildQueryPlan(operationFromDocument(composed.apiSchema(), document));
  return JSON.stringify(plan).match(/"kind":"Fetch"/g)?.length ?? 0;
}
const estimate = (document: DocumentNode, limit = 1_000) =>
  estimateFetches(document, getOperationAST(document)!, supergraph, limit);

/** Fragments that go from users to orders and back by `width` aliases, on `levels` levels. */
const hop = (width: number, levels: number) => {
  const fragments = Array.from({ length: levels }, (_, level) => {
    const aliases = Array.from(
      { length: width },
      (_, k) => `a${k}: orders { nodes { customer { ...F${level + 1} } } }`,
    );
    return `fragment F${level} on User { ${aliases.join(' ')} }`;
  });
  return `{ me { ...F0 } } ${fragments.join(' ')} fragment F${levels} on User { email }`;
};

const logout = 'logout(input: { refreshToken: "t" }) { __typename }';
const cancelOrder = 'cancelOrder(input: { orderId: "1" }) { __typename }';

test.each([
  ['{ __typename }', 0],
  ['{ me { id email name } }', 1],
  ['{ me { id } products { nodes { id } } }', 2],
  ['{ me { orders { totalCount nodes { id } } } }', 2],
  ['{ me { a: orders { totalCount } b: orders { totalCount } } }', 2],
  [
    '{ me { ...A ...B } } fragment A on User { orders { totalCount } } fragment B on User { orders { nodes { id } } }',
    2,
  ],
  [`mutation { a: ${logout} b: ${logout} }`, 1],
  [`mutation { a: ${logout} ${cancelOrder} b: ${logout} }`, 3],
])('%s needs %d calls', (source, expected) => {
  const document = parse(source);
  expect(estimate(document)).toBe(expected);
  expect(countPlanned(document)).toBe(expected);
});

const shapes: [name: string, source: string][] = [
  ...[
    [1, 1],
    [3, 1],
    [2, 2],
    [1, 3],
    [3, 2],
  ].map(([width = 0, levels = 0]): [string, string] => [`${width} aliases on ${levels} levels`, hop(width, levels)]),
  [
    'lines of orders',
    '{ me { orders { nodes { items { product { name category { name } } } customer { email } } } } }',
  ],
  [
    'aliases at the root',
    '{ a: order(id: "1") { items { product { name } } } b: order(id: "2") { items { product { name } } } }',
  ],
  [
    'result unions',
    'mutation($i: PlaceOrderInput!) { placeOrder(input: $i) { __typename ... on Order { customer { email } } } }',
  ],
];

test.each(shapes)('the plan of %s has no more calls than the estimate', (_name, source) => {
  const document = parse(source);
  expect(estimate(document)).toBeGreaterThanOrEqual(countPlanned(document));
});

test('the operations of the clients are far below the limit', () => {
  const folder = 'clients/operations';
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.graphql'));
  const all = concatAST(files.map((file) => parse(readFileSync(path.join(folder, file), 'utf8'))));
  const operations = Object.values(separateOperations(all));
  expect(operations.length).toBeGreaterThan(20);
  for (const document of operations) {
    const name = getOperationAST(document)?.name?.value;
    const calls = document.definitions.some((node) => node.kind === Kind.OPERATION_DEFINITION) ? estimate(document) : 0;
    expect([name, calls >= countPlanned(document), calls <= defaultLimits.maxFetches / 5]).toEqual([name, true, true]);
  }
});

test('stops counting above the limit', () => {
  expect(estimate(parse(hop(6, 3)), 50)).toBeGreaterThan(50);
  expect(estimate(parse(hop(6, 3)), 50)).toBeLessThan(70);
  expect(estimate(parse(hop(6, 3)))).toBe(218);
});
