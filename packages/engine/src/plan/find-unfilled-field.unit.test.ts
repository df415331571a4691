import { buildSchema, parse, type OperationDefinitionNode } from 'graphql';
import { findUnfilledField } from './find-unfilled-field.ts';
import { everyItem, type FetchNode, type PlanNode } from './plan.ts';

const schema = buildSchema(`
  type Query { a: A as: [A!]! i: I }
  interface I { x: Int }
  type A implements I { x: Int y: Int a: A i: I }
  type B implements I { x: Int z: Int }
`);

const fetchRoot = (operation: string): FetchNode => ({
  kind: 'fetch',
  service: 's',
  operationKind: 'query',
  operation,
  operationName: undefined,
  variables: [],
  path: [],
  requires: undefined,
  inputRewrites: [],
  outputRewrites: [],
});
const fetchEntity = (path: FetchNode['path'], selection: string): FetchNode => ({
  ...fetchRoot(`query($representations:[_Any!]!){_entities(representations:$representations){${selection}}}`),
  path,
  requires: [],
});

function find(source: string, plan: PlanNode | undefined) {
  const document = parse(source);
  return findUnfilledField(schema, document, document.definitions[0] as OperationDefinitionNode, plan)?.join('.');
}

test.each<[string, PlanNode | undefined, string]>([
  ['{ a { x } }', undefined, 'a'],
  ['{ b: a { x } }', fetchRoot('{ a { x } }'), 'b'],
  ['{ a { x y } }', fetchRoot('{ a { x } }'), 'a.y'],
  ['{ as { a { x y } } }', fetchRoot('{ as { a { x } } }'), 'as.a.y'],
  ['{ a { ... on I { x } ...F } } fragment F on A { y }', fetchRoot('{ a { x } }'), 'a.y'],
  ['{ a { ... on I { ... on A { y } } } }', fetchRoot('{ a { x } }'), 'a.y'],
  ['query($v: Boolean!) { a @include(if: $v) { x } }', undefined, 'a'],
  ['query($v: Boolean!) { a @include(if: $v) { x @include(if: $v) } }', fetchRoot('{ a { y } }'), 'a.x'],
  [
    '{ as { x y } }',
    { kind: 'sequence', nodes: [fetchRoot('{ as { x } }'), fetchEntity(['a'], '... on A { y }')] },
    'as.y',
  ],
])('%s has a field that no call brings', (source, plan, path) => {
  expect(find(source, plan)).toBe(path);
});

test.each<[string, PlanNode | undefined]>([
  ['{ __typename __schema { queryType { name } } }', undefined],
  ['{ a @skip(if: true) { x } ... @include(if: false) { i { x } } }', undefined],
  ['query($v: Boolean!) { a @include(if: $v) @skip(if: $v) { x } }', undefined],
  ['query($v: Boolean!) { ... @skip(if: $v) { a @include(if: $v) { x } } }', undefined],
  ['{ a { ...F } } fragment F on I { x ... on B { z } }', fetchRoot('{ a { x } }')],
  ['{ a { x __typename } }', fetchRoot('{ a { ...F } } fragment F on A { x }')],
  [
    '{ as { x y a { x y } } }',
    {
      kind: 'sequence',
      nodes: [
        fetchRoot('{ as { x a { x } } }'),
        {
          kind: 'parallel',
          nodes: [
            {
              kind: 'condition',
              variable: 'v',
              ifTrue: undefined,
              ifFalse: fetchEntity(['as', everyItem], '... on A { y }'),
            },
            fetchEntity(['as', everyItem, 'a'], '... on A { y }'),
          ],
        },
      ],
    },
  ],
  // Below an interface, the planner leaves out what no object can have.
  ['{ i { x ... on A { y } } a { i { ... on A { y } } } }', fetchRoot('{ i { __typename } a { i { __typename } } }')],
  [
    '{ a { y } }',
    {
      ...fetchRoot('{ a { y__alias_0: y } }'),
      outputRewrites: [{ kind: 'rename', name: 'y', path: [{ field: 'a' }, { type: 'A' }, { field: 'y__alias_0' }] }],
    },
  ],
])('%s is brought', (source, plan) => {
  expect(find(source, plan)).toBeUndefined();
});
