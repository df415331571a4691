import { GraphQLError } from 'graphql';
import { createGraph } from '../test/graph.ts';
import { runCases } from './test/run-cases.ts';

describe('inputs', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { us: [U!] ks: [K!] k: K t: [O!] js: J } union U = P | Q scalar JSON
            type P @key(fields: "id") { id: ID! v: Int } type Q @key(fields: "id") { id: ID! v: String }
            type K @key(fields: "id") { id: ID! grid: [[C]] one: C maybe: Int } type C @shareable { v: Int w: Int }
            type O @key(fields: "id") { id: ID! need: Int } type J @key(fields: "id") { id: ID! j: JSON }`,
          resolvers: {
            Query: {
              us: () => [
                { __typename: 'P', id: 1, v: 0 },
                { __typename: 'Q', id: 2, v: '' },
                { __typename: 'P', id: 3, v: null },
                { __typename: 'Q', id: 4, v: 'x' },
                { __typename: 'P', id: 5, v: 5 },
              ],
              k: () => ({ id: 1, grid: [[{ v: 1 }], [{ v: 2, w: 3 }, null]], one: null, maybe: null }),
              ks: () => [
                { id: 1, grid: [], one: { v: 1, w: null }, maybe: 0 },
                { id: 2, grid: null, one: { v: 0, w: 2 }, maybe: 2 },
              ],
              t: () => [1, 2, 3, 2].map((need) => ({ id: 1, need })),
              js: () => ({ id: 1, j: { __typename: 'X', list: [[1], null] } }),
            },
          },
        },
        b: {
          sdl: `scalar JSON type P @key(fields: "id") { id: ID! v: Int @external need: String @requires(fields: "v") }
            type Q @key(fields: "id") { id: ID! v: String @external need: String @requires(fields: "v") }
            type K @key(fields: "id") { id: ID! grid: [[C]] @external one: C @external maybe: Int @external
              sum: Int @requires(fields: "grid { v }") w: String @requires(fields: "one { v w }") m: String @requires(fields: "maybe") }
            type C @shareable { v: Int w: Int } type O @key(fields: "id") { id: ID! need: Int @external got: Int @requires(fields: "need") }
            type J @key(fields: "id") { id: ID! j: JSON @external text: String @requires(fields: "j") }`,
          resolvers: {
            P: { need: ({ v }: { v: unknown }) => `P ${JSON.stringify(v)}` },
            Q: { need: ({ v }: { v: unknown }) => `Q ${JSON.stringify(v)}` },
            K: {
              sum: ({ grid }: { grid: ({ v: number } | null)[][] | null }) =>
                grid?.flat().reduce((sum, cell) => sum + (cell?.v ?? 0), 0) ?? null,
              w: ({ one }: { one: unknown }) => JSON.stringify(one),
              m: ({ maybe }: { maybe: unknown }) => JSON.stringify(maybe),
            },
            O: {
              got: ({ need }: { need: number }) => {
                if (need === 2) throw new GraphQLError('no two');
                return need;
              },
            },
            J: { text: ({ j }: { j: unknown }) => JSON.stringify(j) },
          },
        },
      }),
    [
      {
        title: 'T13: one name with two types, and values that are false',
        operation: '{ us { ... on P { need } ... on Q { need } } }',
        data: { us: ['P 0', 'Q ""', 'P null', 'Q "x"', 'P 5'].map((need) => ({ need })) },
      },
      {
        title: 'T14: equal keys, other inputs',
        operation: '{ t { got } }',
        data: { t: [1, null, 3, null].map((got) => ({ got })) },
        errors: ['t.1.got: no two', 't.3.got: no two'],
        sent: { b: [[1, 2, 3].map((need) => ({ __typename: 'O', id: '1', need }))] },
      },
      {
        title: 'T16: an input that is a list of lists',
        operation: '{ k { sum } }',
        data: { k: { sum: 3 } },
        sent: { b: [[{ __typename: 'K', id: '1', grid: [[{ v: 1 }], [{ v: 2 }, null]] }]] },
      },
      {
        title: 'T16: empty and null lists',
        operation: '{ ks { sum id } }',
        data: {
          ks: [
            { sum: 0, id: '1' },
            { sum: null, id: '2' },
          ],
        },
      },
      { title: 'T36: null inputs', operation: '{ k { w m } }', data: { k: { w: 'null', m: 'null' } } },
      {
        title: 'T36: null inside of an input',
        operation: '{ ks { w m } }',
        data: {
          ks: [
            { w: '{"v":1,"w":null}', m: '0' },
            { w: '{"v":0,"w":2}', m: '2' },
          ],
        },
      },
      {
        title: 'T36: the client asks for a part of the input',
        operation: '{ ks { one { a: v } w } }',
        data: {
          ks: [
            { one: { a: 1 }, w: '{"v":1,"w":null}' },
            { one: { a: 0 }, w: '{"v":0,"w":2}' },
          ],
        },
      },
      {
        title: 'T20: a custom scalar as an input',
        operation: '{ js { text } }',
        data: { js: { text: '{"__typename":"X","list":[[1],null]}' } },
      },
    ],
  );
});

describe('chains of inputs', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { p: P ps: [P!] } type P @key(fields: "id") @key(fields: "sku v { c }") { id: ID! sku: String v: V w: W }
            type V @shareable { c: Int } type W @key(fields: "id") { id: ID! }`,
          resolvers: {
            Query: {
              p: () => ({ id: 1, sku: 's', v: { c: 3 }, w: { id: 1 } }),
              ps: () => [1, 2].map((id) => ({ id, sku: `s${id}`, v: { c: id }, w: { id } })),
            },
          },
        },
        b: {
          sdl: `type P @key(fields: "sku v { c }") { sku: String v: V size: Int weight: Int } type V @shareable { c: Int }
            type W @key(fields: "id") { id: ID! z: Int! }`,
          resolvers: {
            P: {
              size: ({ v }: { v: { c: number } }) => v.c * 2,
              weight: ({ v }: { v: { c: number } }) => v.c * 3,
            },
            W: {
              z: ({ id }: { id: string }) => {
                if (id === '2') throw new GraphQLError('no z');
                return 5;
              },
            },
          },
        },
        c: {
          sdl: `type P @key(fields: "id") { id: ID! size: Int @external weight: Int @external w: W @external
              price: Int @requires(fields: "size weight") viaW: Int @requires(fields: "w { z }") free: Int }
            type W @key(fields: "id") { id: ID! z: Int! @external }`,
          resolvers: {
            P: {
              price: ({ size, weight }: { size: number; weight: number }) => size + weight,
              viaW: ({ w }: { w: { z: number } | null }) => w && w.z + 1,
              free: () => 1,
            },
          },
        },
        d: {
          sdl: 'type P @key(fields: "id") { id: ID! price: Int @external tax: Int @requires(fields: "price") }',
          resolvers: { P: { tax: ({ price }: { price: number }) => price * 2 } },
        },
      }),
    [
      {
        title: 'T36: a chain over four subgraphs',
        operation: '{ p { tax } }',
        data: { p: { tax: 30 } },
        calls: ['a', 'b', 'c', 'd'],
      },
      {
        title: 'T36: the client gives names of inputs to other fields',
        operation: '{ ps { price: sku size: id tax v: weight } }',
        data: { ps: [1, 2].map((id) => ({ price: `s${id}`, size: String(id), tax: id * 10, v: id * 3 })) },
      },
      {
        title: 'T37: a nested input has failed',
        operation: '{ ps { id viaW free } }',
        data: {
          ps: [
            { id: '1', viaW: 6, free: 1 },
            { id: '2', viaW: null, free: 1 },
          ],
        },
        errors: ['ps.1.w.z: no z'],
      },
      { title: 'T37: a nested input', operation: '{ p { viaW } }', data: { p: { viaW: 6 } } },
    ],
  );
});

describe('inputs with arguments', () => {
  const list = (limit: number) => Array.from({ length: limit }, (_, index) => `c${index}`);
  const price = (_: unknown, { currency }: { currency: string }) => (currency === 'USD' ? 10 : 20);
  const resolvers = {
    comments: (_: unknown, { limit }: { limit: number }) => list(limit),
    price,
  };
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { p: P ns: [N!] } interface N { comments(limit: Int = 5): [String!] }
            type P implements N @key(fields: "id") { id: ID! comments(limit: Int = 5): [String!] price(currency: String!): Int }
            type R implements N @key(fields: "id") { id: ID! comments(limit: Int = 5): [String!] }`,
          resolvers: {
            Query: {
              p: () => ({ id: 1 }),
              ns: () => [
                { __typename: 'P', id: 1 },
                { __typename: 'R', id: 2 },
              ],
            },
            P: resolvers,
            R: { comments: resolvers.comments },
          },
        },
        b: {
          sdl: `type P @key(fields: "id") { id: ID! comments(limit: Int = 5): [String!] @external price(currency: String!): Int @external
              first: String @requires(fields: "comments(limit: 3)")
              dollars: Int @requires(fields: "price(currency: \\"USD\\")") euros: Int @requires(fields: "price(currency: \\"EUR\\")") }
            type R @key(fields: "id") {
              id: ID! comments(limit: Int = 5): [String!] @external first: String @requires(fields: "comments(limit: 2)")
            }`,
          resolvers: {
            P: {
              first: ({ comments }: { comments: string[] }) => comments.join(),
              dollars: (parent: { price: number }) => parent.price,
              euros: (parent: { price: number }) => parent.price,
            },
            R: { first: ({ comments }: { comments: string[] }) => comments.join() },
          },
        },
      }),
    [
      {
        title: 'arguments: the client has others',
        operation: '{ p { comments(limit: 1) first } }',
        data: { p: { comments: ['c0'], first: 'c0,c1,c2' } },
      },
      {
        title: 'arguments: the client has the default',
        operation: '{ p { first comments } }',
        data: { p: { first: 'c0,c1,c2', comments: list(5) } },
      },
      {
        title: 'arguments: a variable of the client',
        operation: 'query($n: Int) { p { comments(limit: $n) first other: comments(limit: 3) } }',
        variables: { n: 2 },
        data: { p: { comments: ['c0', 'c1'], first: 'c0,c1,c2', other: ['c0', 'c1', 'c2'] } },
      },
      {
        title: 'arguments: on an interface',
        operation: '{ ns { comments(limit: 1) ... on P { first } ... on R { first } } }',
        data: {
          ns: [
            { comments: ['c0'], first: 'c0,c1,c2' },
            { comments: ['c0'], first: 'c0,c1' },
          ],
        },
      },
      {
        title: 'arguments: other ones for each type',
        operation: '{ ns { ... on P { comments(limit: 1) first } ... on R { comments(limit: 1) first } } }',
        data: {
          ns: [
            { comments: ['c0'], first: 'c0,c1,c2' },
            { comments: ['c0'], first: 'c0,c1' },
          ],
        },
      },
      { title: 'arguments: one of two inputs', operation: '{ p { dollars } }', data: { p: { dollars: 10 } } },
      {
        title: 'arguments: the other one',
        operation: '{ p { euros price(currency: "USD") } }',
        data: { p: { euros: 20, price: 10 } },
      },
      {
        title: 'arguments: two inputs of one call',
        operation: '{ p { dollars euros } }',
        data: { p: { dollars: 10, euros: 20 } },
      },
      {
        title: 'arguments: two inputs and the client',
        operation: '{ p { euros dollars price(currency: "EUR") } }',
        data: { p: { euros: 20, dollars: 10, price: 20 } },
      },
    ],
  );
});

describe('keys', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { p: P } type P @key(fields: "id") @key(fields: "id compositeId { one two }") {
            id: ID! compositeId: C name: String } type C @shareable { one: String two: String }`,
          resolvers: {
            Query: { p: () => ({ id: '1' }) },
            P: { compositeId: () => ({ one: 'o', two: 't' }), name: () => 'n' },
          },
        },
        b: {
          sdl: `type P @key(fields: "id") @key(fields: "compositeId { one two }", resolvable: false) {
            id: ID! compositeId: C name: String @external loud: String @requires(fields: "name")
          } type C @shareable { one: String two: String }
            type Query { q: [P] }`,
          resolvers: {
            Query: { q: () => [{ id: '1', compositeId: { one: 'o', two: 't' } }, null] },
            P: {
              __resolveReference: (reference: { id?: string }) => (reference.id === undefined ? null : reference),
              loud: ({ name }: { name: string }) => `${name}!`,
            },
          },
        },
      }),
    [
      { title: 'keys: to a subgraph with two keys', operation: '{ p { loud } }', data: { p: { loud: 'n!' } } },
      { title: 'keys: away and back', operation: '{ q { loud id } }', data: { q: [{ loud: 'n!', id: '1' }, null] } },
      {
        title: 'keys: the nested key',
        operation: '{ q { compositeId { two } loud } }',
        data: { q: [{ compositeId: { two: 't' }, loud: 'n!' }, null] },
      },
    ],
  );
});
