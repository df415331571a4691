import { createGraph } from '../test/graph.ts';
import { runCases } from './test/run-cases.ts';

describe('variables', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { f(n: Int = 7): Int ids(ids: [ID!], input: In, e: E): String echo(representations: [Int!]): [P!] }
            type P @key(fields: "id") { id: ID! }
            input In { x: Int! = 3 y: [Int] z: E = LOW } enum E { LOW HIGH }`,
          resolvers: {
            Query: {
              f: (_: unknown, { n }: { n: number | null }) => n,
              ids: (_: unknown, given: object) => JSON.stringify(given),
              echo: (_: unknown, { representations }: { representations?: number[] }) =>
                (representations ?? [9]).map((id) => ({ id })),
            },
          },
        },
        b: {
          sdl: 'type P @key(fields: "id") { id: ID! by(representations: Int = 4): String }',
          resolvers: {
            P: {
              by: ({ id }: { id: string }, { representations: n }: { representations: number | null }) => `${id}-${n}`,
            },
          },
        },
      }),
    [
      { title: 'T1: a default of the operation', operation: 'query($n: Int = 2) { f(n: $n) }', data: { f: 2 } },
      {
        title: 'T1: null is not a missing variable',
        operation: 'query($n: Int = 2) { f(n: $n) }',
        variables: { n: null },
        data: { f: null },
      },
      { title: 'T1: a missing variable', operation: 'query($n: Int) { f(n: $n) }', data: { f: 7 } },
      { title: 'T1: zero', operation: 'query($n: Int = 2) { f(n: $n) }', variables: { n: 0 }, data: { f: 0 } },
      {
        title: 'T1: one variable in two fields',
        operation: 'query($n: Int) { f(n: $n) g: f(n: $n) h: f(n: 5) i: f(n: null) j: f }',
        data: { f: 7, g: 7, h: 5, i: null, j: 7 },
      },
      {
        title: 'T1: a name that objects inherit is no given variable',
        operation: 'query($constructor: Int, $toString: Int = 4) { f(n: $constructor) g: f(n: $toString) }',
        data: { f: 7, g: 4 },
      },
      {
        title: 'T26: a single value for a list',
        operation: 'query($ids: [ID!]) { ids(ids: $ids) }',
        variables: { ids: 5 },
        data: { ids: '{"ids":["5"]}' },
      },
      {
        title: 'T26: defaults of an input',
        operation: 'query($i: In, $e: E) { ids(input: $i, e: $e) }',
        variables: { i: { y: 1 }, e: 'HIGH' },
        data: { ids: '{"input":{"x":3,"y":[1],"z":"LOW"},"e":"HIGH"}' },
      },
      {
        title: 'T26: an unknown input field',
        operation: 'query($i: In) { ids(input: $i) }',
        variables: { i: { q: 1 } },
        data: null,
        errors: [
          'Variable "$i" got invalid value { q: 1 }; Field "q" is not defined by type "In". Did you mean "x", "y", or "z"?',
        ],
        calls: [],
      },
      {
        title: 'T26: variables inside of literals',
        operation: 'query($n: Int, $e: E) { ids(input: { x: 1, y: [$n, 2], z: $e }) }',
        variables: { n: 1 },
        data: { ids: '{"input":{"x":1,"y":[1,2],"z":"LOW"}}' },
      },
      {
        title: 'T25: a variable with the name of that of keys',
        operation: 'query($representations: [Int!]) { echo(representations: $representations) { id by } }',
        variables: { representations: [1, 2] },
        data: {
          echo: [
            { id: '1', by: '1-4' },
            { id: '2', by: '2-4' },
          ],
        },
        calls: ['a', 'b'],
      },
      {
        title: 'T25: the same in the call for entities',
        operation: 'query($representations: Int) { echo { by(representations: $representations) c: by } }',
        variables: { representations: 8 },
        data: { echo: [{ by: '9-8', c: '9-4' }] },
      },
      {
        title: 'T25: the same with null',
        operation: 'query($representations: Int) { echo { by(representations: $representations) } }',
        variables: { representations: null },
        data: { echo: [{ by: '9-null' }] },
      },
    ],
  );
});

describe('names', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { p: P ps: [P!]! constructor: Int } type P @key(fields: "id") { id: ID! name: String o: P }`,
          resolvers: {
            Query: {
              p: () => ({ id: 1, name: 'n', o: { id: 2, name: 'm' } }),
              ps: () => [{ id: 1 }, { id: 2 }],
              constructor: () => 3,
            },
          },
        },
        b: {
          sdl: 'type P @key(fields: "id") { id: ID! stock: Int toString: String }',
          resolvers: {
            P: { stock: ({ id }: { id: string }) => 4 + Number(id), toString: ({ id }: { id: string }) => `s${id}` },
          },
        },
      }),
    [
      {
        title: 'T2: names that objects inherit',
        operation: '{ __proto__: p { constructor: name toString: stock hasOwnProperty: id then: __typename } }',
        data: '{"__proto__":{"constructor":"n","toString":5,"hasOwnProperty":"1","then":"P"}}',
      },
      {
        title: 'T2: __proto__ from the second subgraph',
        operation: '{ p { __proto__: stock } }',
        data: '{"p":{"__proto__":5}}',
      },
      {
        title: 'T2: __proto__ as an object and in lists',
        operation: '{ ps { __proto__: stock valueOf: stock } p { __proto__: o { __proto__: name stock } } }',
        data: '{"ps":[{"__proto__":5,"valueOf":5},{"__proto__":6,"valueOf":6}],"p":{"__proto__":{"__proto__":"m","stock":6}}}',
      },
      {
        title: 'T2: __proto__ as the path to entities',
        operation: '{ __proto__: p { __proto__: o { stock } } }',
        data: '{"__proto__":{"__proto__":{"stock":6}}}',
      },
      {
        title: 'T2: fields with inherited names',
        operation: '{ constructor p { toString toLocaleString: toString } then: constructor }',
        data: '{"constructor":3,"p":{"toString":"s1","toLocaleString":"s1"},"then":3}',
      },
      {
        title: 'T2: then does not make an object wait',
        operation: '{ then: p { then: o { then: stock } } }',
        data: { then: { then: { then: 6 } } },
      },
      {
        title: 'T2: a condition with an inherited name',
        operation:
          'query($constructor: Boolean!, $__proto__: Boolean = false) { p { id @include(if: $constructor) stock @skip(if: $__proto__) } }',
        variables: { constructor: true },
        data: { p: { id: '1', stock: 5 } },
      },
      {
        title: 'T2: an inherited name is no given condition',
        operation: 'query($valueOf: Boolean = true) { p { id @skip(if: $valueOf) stock } }',
        data: { p: { stock: 5 } },
      },
    ],
  );
});

describe('root names and introspection', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `schema { query: RootQ mutation: RootM } type RootQ { q: RootQ f: Int p: P @shareable }
            type RootM { m: Payload } type Payload { query: RootQ n: Int } type P @key(fields: "id") { id: ID! }`,
          resolvers: {
            RootQ: { q: () => ({}), f: () => 1, p: () => ({ id: 1 }) },
            RootM: { m: () => ({ query: {}, n: 2 }) },
          },
        },
        b: {
          sdl: 'type Query { g: Int } type P @key(fields: "id") { id: ID! w: Int }',
          resolvers: { Query: { g: () => 2 }, P: { w: () => 3 } },
        },
      }),
    [
      {
        title: 'T11: the name of the root',
        operation: '{ t: __typename ... on Query { u: __typename } }',
        data: { t: 'Query', u: 'Query' },
        calls: [],
      },
      {
        title: 'T11: the root type below the root',
        operation: '{ q { __typename f } }',
        data: { q: { __typename: 'Query', f: 1 } },
      },
      {
        title: 'T11: the root type in another subgraph',
        operation: '{ q { g __typename q { f g } } }',
        data: { q: { g: 2, __typename: 'Query', q: { f: 1, g: 2 } } },
      },
      {
        title: 'T11: below a payload',
        operation: 'mutation { __typename m { n query { __typename f g ... on Query { p { w } } } } }',
        data: { __typename: 'Mutation', m: { n: 2, query: { __typename: 'Query', f: 1, g: 2, p: { w: 3 } } } },
      },
      {
        title: 'T12: introspection between fields',
        operation: 'query($n: String!) { f x: __type(name: $n) { name } __schema { queryType { name } } p { id } }',
        variables: { n: 'P' },
        data: { f: 1, x: { name: 'P' }, __schema: { queryType: { name: 'Query' } }, p: { id: '1' } },
      },
      {
        title: 'T12: introspection alone',
        operation:
          '{ __schema { mutationType { name } } ...F } fragment F on Query { __type(name: "Nothing") { name } }',
        data: { __schema: { mutationType: { name: 'Mutation' } }, __type: null },
        calls: [],
      },
      {
        title: 'T12: introspection with fragments',
        operation: `{ __type(name: "P") { ...T } ...Q }
          fragment T on __Type { kind fields { name type { ...N } } } fragment N on __Type { name ofType { name } }
          fragment Q on Query { f schema: __schema { ...S } } fragment S on __Schema { queryType { ...N } }`,
        data: {
          __type: {
            kind: 'OBJECT',
            fields: [
              { name: 'id', type: { name: null, ofType: { name: 'ID' } } },
              { name: 'w', type: { name: 'Int', ofType: null } },
            ],
          },
          f: 1,
          schema: { queryType: { name: 'Query', ofType: null } },
        },
      },
      {
        title: 'T12: introspection that is skipped',
        operation: 'query($s: Boolean!) { f __schema @skip(if: $s) { queryType { name } } }',
        variables: { s: true },
        data: { f: 1 },
      },
      {
        title: 'T12: types of subgraphs are not seen',
        operation: '{ __type(name: "_Entity") { name } a: __type(name: "RootQ") { name } }',
        data: { __type: null, a: null },
        calls: [],
      },
    ],
  );
});
