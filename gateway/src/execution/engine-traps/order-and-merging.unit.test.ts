import { GraphQLError } from 'graphql';
import { createGraph } from '../test/graph.ts';
import { runCases } from './test/run-cases.ts';

const y = { __typename: 'Y', id: 1, m: 'm1', y: 'y1' };
const x = { __typename: 'X', id: 2, m: 'm2', x: 'x2' };

describe('order and fragments', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { ns: [N!]! n: N b: B ts: [T!]! us: [U!]! }
            interface N { id: ID! } interface M implements N { id: ID! m: String }
            type X implements N & M @key(fields: "id") { id: ID! m: String x: String }
            type Y implements N & M @key(fields: "id") { id: ID! m: String y: String }
            type B { a: Int b0: Int id: ID b: B } type T implements N { id: ID! w: String } union U = X | Y | T`,
          resolvers: {
            Query: {
              ns: () => [y, x],
              n: () => x,
              b: () => ({ a: 1, b0: 2, id: 3, b: { a: 4, b0: 5, id: 6 } }),
              ts: () => [{ id: 1, w: 'w' }],
              us: () => [y, { __typename: 'T', id: 3, w: 'v' }, x],
            },
          },
        },
        b: {
          sdl: 'type X @key(fields: "id") { id: ID! far: Int } type Y @key(fields: "id") { id: ID! far: Int near: Int }',
          resolvers: { X: { far: () => 5 }, Y: { far: () => 6, near: () => 7 } },
        },
      }),
    [
      {
        title: 'T3: the order of each type',
        operation: '{ ns { ... on M { m } ...F id } } fragment F on N { ... on Y { y t: __typename } __typename }',
        data: {
          ns: [
            { m: 'm1', y: 'y1', t: 'Y', __typename: 'Y', id: '1' },
            { m: 'm2', __typename: 'X', id: '2' },
          ],
        },
      },
      {
        title: 'T3: fields of two subgraphs',
        operation: '{ ns { ... on Y { far near } id ... on X { x far } } }',
        data: {
          ns: [
            { far: 6, near: 7, id: '1' },
            { id: '2', x: 'x2', far: 5 },
          ],
        },
      },
      {
        title: 'T3: numbers in names keep their order',
        operation: '{ n { _2: id _1: id b: __typename a: id } }',
        data: { n: { _2: '2', _1: '2', b: 'X', a: '2' } },
      },
      {
        title: 'T44: a field that is merged with one in a later fragment',
        operation: '{ b { a } ...F b { id } } fragment F on Query { b { b0 } }',
        data: { b: { a: 1, b0: 2, id: '3' } },
      },
      {
        title: 'T44: the same one level down',
        operation: '{ b { b { a } ...F b { id } id } } fragment F on B { a b { b0 } }',
        data: { b: { b: { a: 4, b0: 5, id: '6' }, a: 1, id: '3' } },
      },
      {
        title: 'T47: a fragment on a type below one on its interface',
        operation: '{ ts { ...F } } fragment F on N { ...G } fragment G on T { w }',
        data: { ts: [{ w: 'w' }] },
      },
      {
        title: 'T47: inline, three levels',
        operation: '{ ts { ... on N { ... on T { ... on N { ... on T { w id } } } } } }',
        data: { ts: [{ w: 'w', id: '1' }] },
      },
      {
        title: 'T46: overlapping abstract fragments',
        operation: '{ ns { ... on N { ... on M { id m } } ... on M { ... on Y { id y } } ... on X { id } } }',
        data: {
          ns: [
            { id: '1', m: 'm1', y: 'y1' },
            { id: '2', m: 'm2' },
          ],
        },
      },
      {
        title: 'T46: an object without fields of its type',
        operation: '{ us { ... on X { x } } }',
        data: { us: [{}, {}, { x: 'x2' }] },
      },
      {
        title: 'T46: a union with fragments on interfaces',
        operation: '{ us { ... on N { id } ... on M { m } ... on T { w } __typename } }',
        data: {
          us: [
            { id: '1', m: 'm1', __typename: 'Y' },
            { id: '3', w: 'v', __typename: 'T' },
            { id: '2', m: 'm2', __typename: 'X' },
          ],
        },
      },
    ],
  );
});

describe('merging', () => {
  const value = (n: number) => ({ b: `b${n}`, c: `c${n}` });
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { p: P o: O gone: O l: [L!]! a: H b: H } type P @key(fields: "id") { id: ID! name: String d: D }
            type O @key(fields: "id") @shareable { id: ID! l: [V] g: [[V]] v: V later: V first: V longer: [V] holes: [V] }
            type V @shareable { b: String } type D { n: String x: Int }
            type L @key(fields: "id") { id: ID! d: H } type H { k: K d: H } type K @key(fields: "id") { id: ID! }`,
          resolvers: {
            Query: {
              p: () => ({ id: 1, name: 'n', d: { n: 'd', x: 1 } }),
              o: () => ({
                id: 1,
                l: [value(1), value(2)],
                g: [[value(1), null], [value(2)]],
                v: value(1),
                later: value(1),
                first: null,
                longer: [value(1)],
                holes: [value(1), null, null],
              }),
              gone: () => ({ id: 9, v: value(9) }),
              l: () => [1, 2].map((id) => ({ id, d: { k: { id: 7 } } })),
              a: () => ({ d: { k: { id: 7 } } }),
              b: () => ({ d: { k: { id: 7 } } }),
            },
          },
        },
        b: {
          sdl: `type P @key(fields: "id") { id: ID! stock: Int }
            type O @key(fields: "id") @shareable { id: ID! l: [V] g: [[V]] v: V later: V first: V longer: [V] holes: [V] }
            type V @shareable { c: String } type K @key(fields: "id") { id: ID! n: Int e: K m: Int }`,
          resolvers: {
            P: { stock: () => 5 },
            O: {
              __resolveReference: (reference: { id: string }) => (reference.id === '9' ? null : reference),
              l: () => [value(1), value(2)],
              g: () => [[value(1), null], [value(2)]],
              v: () => value(1),
              later: () => null,
              first: () => value(4),
              longer: () => [value(2), value(3)],
              holes: () => [null, value(2), null],
            },
            K: { n: () => 3, m: () => 4, e: () => ({ id: 8 }) },
          },
        },
        c: {
          sdl: 'type K @key(fields: "id") { id: ID! deep: String }',
          resolvers: { K: { deep: ({ id }: { id: string }) => `deep ${id}` } },
        },
      }),
    [
      ...[true, false].map((s) => ({
        title: `T4: one name under two conditions, ${s}`,
        operation: 'query($s: Boolean!) { p { a: id @skip(if: $s) a: id @include(if: $s) stock } }',
        variables: { s },
        data: { p: { a: '1', stock: 5 } },
      })),
      {
        title: 'T4: selections of one name under two fragments',
        operation: '{ p { d { n } stock ... on P { d { x } } } ... on Query { p { name d { y: x } } } }',
        data: { p: { d: { n: 'd', x: 1, y: 1 }, stock: 5, name: 'n' } },
      },
      {
        title: 'T17: a value type of two subgraphs',
        operation: '{ o { v { b c } } }',
        data: { o: { v: { b: 'b1', c: 'c1' } } },
      },
      {
        title: 'T17: in lists',
        operation: '{ o { l { b c } } }',
        data: {
          o: {
            l: [
              { b: 'b1', c: 'c1' },
              { b: 'b2', c: 'c2' },
            ],
          },
        },
      },
      {
        title: 'T17: in lists of lists',
        operation: '{ o { g { b c } } }',
        data: { o: { g: [[{ b: 'b1', c: 'c1' }, null], [{ b: 'b2', c: 'c2' }]] } },
      },
      {
        title: 'T17: a later null does not remove an object',
        operation: '{ o { later { b c } } }',
        data: { o: { later: { b: 'b1', c: null } } },
        errors: ['o.later.c: The answer has nothing at V.c.'],
      },
      {
        title: 'T17: an object of an entity that another subgraph does not have',
        operation: '{ gone { v { b c } } }',
        data: { gone: { v: { b: 'b9', c: null } } },
      },
      {
        title: 'T17: of lists with different lengths, the later one is kept',
        operation: '{ o { longer { b c } } }',
        data: {
          o: {
            longer: [
              { b: null, c: 'c2' },
              { b: null, c: 'c3' },
            ],
          },
        },
        errors: ['o.longer.0.b: The answer has nothing at V.b.', 'o.longer.1.b: The answer has nothing at V.b.'],
      },
      {
        title: 'T17: items that are null in one of two lists',
        operation: '{ o { holes { b c } } }',
        data: { o: { holes: [{ b: 'b1', c: null }, { b: null, c: 'c2' }, null] } },
        errors: ['o.holes.0.c: The answer has nothing at V.c.', 'o.holes.1.b: The answer has nothing at V.b.'],
      },
      {
        title: 'T17: an object after null',
        operation: '{ o { first { c } } }',
        data: { o: { first: { c: 'c4' } } },
      },
      {
        title: 'T15: a deeper call for owners with equal keys',
        operation: '{ l { d { k { n deep } } } }',
        data: { l: [1, 2].map(() => ({ d: { k: { n: 3, deep: 'deep 7' } } })) },
        sent: { b: [[{ __typename: 'K', id: '7' }]], c: [[{ __typename: 'K', id: '7' }]] },
      },
      {
        title: 'T15: a call below what owners share',
        operation: '{ l { d { k { e { id deep } m } } } }',
        data: { l: [1, 2].map(() => ({ d: { k: { e: { id: '8', deep: 'deep 8' }, m: 4 } } })) },
        sent: { c: [[{ __typename: 'K', id: '8' }]] },
      },
      {
        title: 'T38: one entity at three places',
        operation: '{ a { d { k { n } } } b { d { k { id } } } l { id d { k { m: n deep } } } }',
        data: {
          a: { d: { k: { n: 3 } } },
          b: { d: { k: { id: '7' } } },
          l: ['1', '2'].map((id) => ({ id, d: { k: { m: 3, deep: 'deep 7' } } })),
        },
        calls: ['a', 'b', 'c', 'b'],
        callsInBatches: ['a', 'b', 'c'],
      },
    ],
  );
});

describe('null first', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: 'type Query { o: O @shareable } type O @shareable { a: Int inner: I failed: I } type I @shareable { a: Int }',
          resolvers: { Query: { o: () => ({ a: 1, inner: { a: 2 }, failed: { a: 2 } }) } },
        },
        b: {
          sdl: `type Query { o: O @shareable x: Int } type O @shareable { b: Int inner: I failed: I }
            type I @shareable { b: Int }`,
          resolvers: {
            Query: {
              o: () => ({ b: 3, inner: null, failed: new GraphQLError('no object') }),
              x: () => {
                throw new GraphQLError('no x');
              },
            },
          },
        },
      }),
    [
      { title: 'T17: root fields of two subgraphs', operation: '{ o { a b } }', data: { o: { a: 1, b: 3 } } },
      {
        title: 'T17: null in one of two subgraphs',
        operation: '{ o { inner { a b } } }',
        data: { o: { inner: { a: 2, b: null } } },
        errors: ['o.inner.b: The answer has nothing at I.b.'],
      },
      {
        title: 'T17: an error in one of two subgraphs',
        operation: '{ o { failed { a b } } }',
        data: { o: { failed: { a: 2, b: null } } },
        errors: ['o.failed: no object'],
      },
      {
        title: 'T46: an error and data of one call',
        operation: '{ x o { b } }',
        data: { x: null, o: { b: 3 } },
        errors: ['x: no x'],
      },
    ],
  );
});
