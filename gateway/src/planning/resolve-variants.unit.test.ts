import type { FetchNode, PlanNode, RequiredSelection } from '@shop/engine';
import { readSupergraph } from '../supergraph/index.ts';
import { createVariantResolver } from './resolve-variants.ts';

const supergraph = readSupergraph(`
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {
  query: Query
}
enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
type Query @join__type(graph: A) { t: T }
interface I { price(in: Int): Int }
type T implements I @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  price(in: Int): Int @join__field(graph: A) @join__field(graph: B, external: true)
  inner: I @join__field(graph: A) @join__field(graph: B, external: true)
  one: Int @join__field(graph: B, requires: "price(in: 1)")
  two(by: Int): Int @join__field(graph: B, requires: "price(in: 2)")
  nested: Int @join__field(graph: B, requires: "inner { price(in: 2) } price(in: 1)")
  other: Int @join__field(graph: B)
}
type U implements I @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  price(in: Int): Int @join__field(graph: A) @join__field(graph: B, external: true)
  two: Int @join__field(graph: B, requires: "price(in: 2)")
}
`);
const resolve = createVariantResolver(supergraph);

const field = (source: string, selections?: RequiredSelection[], name = source): RequiredSelection => ({
  kind: 'field',
  source,
  name,
  selections,
});
const on = (typeCondition: string, ...selections: RequiredSelection[]): RequiredSelection => ({
  kind: 'fragment',
  typeCondition,
  selections,
});
const id = [field('__typename'), field('id')];
const variant = field('price__v1', undefined, 'price');

const fetchNode: FetchNode = {
  kind: 'fetch',
  service: 'a',
  operationKind: 'query',
  operation: '{t{id price__v1}}',
  operationName: undefined,
  variables: [],
  path: [],
  requires: undefined,
  inputRewrites: [],
  outputRewrites: [],
};
const fetchEntity = (selection: string, requires: RequiredSelection[], variables: string[] = []): FetchNode => ({
  ...fetchNode,
  service: 'b',
  operation:
    `query(${['$representations:[_Any!]!', ...variables.map((name) => `$${name}:Int`)].join(' ')})` +
    `{_entities(representations:$representations){${selection}}}`,
  variables,
  path: ['t'],
  requires,
});

test('a call asks for the field with its arguments, under the name of the variant', () => {
  expect(resolve(fetchNode)).toEqual({ ...fetchNode, operation: '{t{id price__v1:price(in:2)}}' });
  const aliased = { ...fetchNode, operation: '{t{x:price__v1 price(in:1)}}' };
  expect(resolve(aliased)).toEqual({ ...aliased, operation: '{t{x:price(in:2)price(in:1)}}' });
});

test('a representation reads the variant, and has the name of the field', () => {
  const node = fetchEntity('...on T{two}', [on('T', ...id, field('price__v1'))]);
  const expected = { ...node, requires: [on('T', ...id, variant)] };
  expect(resolve(node)).toEqual(expected);
  const steps: PlanNode = {
    kind: 'sequence',
    nodes: [{ kind: 'condition', variable: 'c', ifTrue: node, ifFalse: undefined }],
  };
  expect(resolve(steps)).toEqual({
    kind: 'sequence',
    nodes: [{ kind: 'condition', variable: 'c', ifTrue: expected, ifFalse: undefined }],
  });
});

test('a call that needs two variants becomes two, with the variables that each uses', () => {
  const selection = '...on T{one other ...@include(if:$c){x:two(by:$n)}}';
  const node = fetchEntity(selection, [on('T', ...id, field('price'), field('price__v1'))], ['n', 'c']);
  expect(resolve(node)).toEqual({
    kind: 'parallel',
    nodes: [
      {
        ...node,
        operation:
          'query($representations:[_Any!]!){_entities(representations:$representations){...on T{one}...on T{other}}}',
        variables: [],
        requires: [on('T', ...id, field('price'))],
      },
      {
        ...node,
        operation:
          'query($representations:[_Any!]!$n:Int$c:Int){_entities(representations:$representations)' +
          '{...on T{...@include(if:$c){x:two(by:$n)}}}}',
        requires: [on('T', ...id, variant)],
      },
    ],
  });
});

test('named fragments are opened where a call is split', () => {
  const start = fetchEntity('...F', [on('T', ...id, field('price'), field('price__v1'))]);
  const node = { ...start, operation: `${start.operation} fragment F on T{one two}` };
  const { nodes } = resolve(node) as { nodes: readonly FetchNode[] };
  expect(nodes.map(({ operation }) => operation.split('$representations){')[1])).toEqual([
    '...on T{one}}}',
    '...on T{two}}}',
  ]);
});

test('variants of different types, or at different places, stay in one call', () => {
  const types = fetchEntity('...on T{one}...on U{two}', [
    on('T', ...id, field('price')),
    on('U', ...id, field('price__v1')),
  ]);
  expect(resolve(types)).toEqual({ ...types, requires: [on('T', ...id, field('price')), on('U', ...id, variant)] });
  const places = fetchEntity('...on T{one nested}', [
    on('T', ...id, field('price'), field('inner', [field('price__v1')])),
  ]);
  expect(resolve(places)).toEqual({ ...places, requires: [on('T', ...id, field('price'), field('inner', [variant]))] });
});

test('a call gets no entities of types that it selects nothing on', () => {
  const node = fetchEntity('...on T{one two}...on U{two}', [
    on('T', ...id, field('price'), field('price__v1')),
    on('U', ...id, field('price__v1')),
  ]);
  const { nodes } = resolve(node) as { nodes: readonly FetchNode[] };
  expect(nodes.map(({ requires }) => requires)).toEqual([
    [on('T', ...id, field('price')), on('U', ...id, variant)],
    [on('T', ...id, variant)],
  ]);
});

test('a supergraph without variants leaves plans as they are', () => {
  const { variants } = supergraph;
  const identity = createVariantResolver({ types: supergraph.types, variants: { ...variants, fields: new Map() } });
  expect(identity(fetchNode)).toBe(fetchNode);
});
