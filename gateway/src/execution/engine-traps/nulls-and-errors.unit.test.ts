import { GraphQLError } from 'graphql';
import { createGraph } from '../test/graph.ts';
import { runCases } from './test/run-cases.ts';

const fail = (message: string) => () => {
  throw new GraphQLError(message);
};

describe('places of errors', () => {
  const references = {
    __resolveReference: ({ id }: { id: string }) => (id === '2' ? null : { id }),
    stock: ({ id }: { id: string }) => (id === '1' ? fail('no stock')() : Number(id)),
  };
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { ps: [P] us: [U] ns: [N] m: [[P]] list: [L!] p: P w: [W!] }
            union U = P | Q interface N { id: ID! } type P implements N @key(fields: "id") { id: ID! name: String }
            type Q implements N { id: ID! x: Int } type L { id: ID! query: Query } type W { p: P other: [P] }`,
          resolvers: {
            Query: {
              ps: () => [{ id: 1 }, null, { id: 2 }, { id: 1 }],
              us: () => ['Q', 'P', 'Q', 'P'].map((__typename) => ({ __typename, id: 1, x: 3 })),
              ns: () => [null, { __typename: 'Q', id: 4 }, { __typename: 'P', id: 3 }, { __typename: 'P', id: 1 }],
              m: () => [[{ id: 3 }], [null, { id: 4 }], null, [{ id: 1 }, { id: 3 }, { id: 1 }]],
              list: () => [
                { id: 1, query: {} },
                { id: 2, query: {} },
              ],
              p: () => ({ id: 1 }),
              w: () => [
                { p: { id: 1 }, other: [{ id: 3 }, { id: 1 }] },
                { p: null, other: null },
                { p: { id: 3 }, other: [{ id: 1 }] },
              ],
            },
          },
        },
        b: {
          sdl: 'type P @key(fields: "id") { id: ID! stock: Int s: [D] } type D { e: Int } type Query { bad: Int good: Int deep: D }',
          resolvers: {
            P: { ...references, s: () => [{ e: 1 }, { e: fail('no e') }] },
            Query: { bad: fail('bad'), good: () => 5, deep: () => ({ e: fail('no e') }) },
          },
        },
      }),
    [
      {
        title: 'T5: holes, equal entities, a missing one',
        operation: '{ ps { id stock } }',
        data: { ps: [{ id: '1', stock: null }, null, { id: '2', stock: null }, { id: '1', stock: null }] },
        errors: ['ps.0.stock: no stock', 'ps.3.stock: no stock'],
        sent: {
          b: [
            [
              { __typename: 'P', id: '1' },
              { __typename: 'P', id: '2' },
            ],
          ],
        },
      },
      {
        title: 'T5: errors have the alias',
        operation: '{ all: ps { s: stock } }',
        data: { all: [{ s: null }, null, { s: null }, { s: null }] },
        errors: ['all.0.s: no stock', 'all.3.s: no stock'],
      },
      {
        title: 'T5: an error below a list of an entity',
        operation: '{ ps { s { e } } }',
        data: { ps: [{ s: [{ e: 1 }, { e: null }] }, null, { s: null }, { s: [{ e: 1 }, { e: null }] }] },
        errors: ['ps.0.s.1.e: no e', 'ps.3.s.1.e: no e'],
      },
      {
        title: 'T6: entities among other members of a union',
        operation: '{ us { ... on P { stock } ... on Q { x } } }',
        data: { us: [{ x: 3 }, { stock: null }, { x: 3 }, { stock: null }] },
        errors: ['us.1.stock: no stock', 'us.3.stock: no stock'],
      },
      {
        title: 'T6: entities behind null and other types',
        operation: '{ ns { id ... on P { stock } } }',
        data: { ns: [null, { id: '4' }, { id: '3', stock: 3 }, { id: '1', stock: null }] },
        errors: ['ns.3.stock: no stock'],
      },
      {
        title: 'T16: lists of lists with null',
        operation: '{ m { stock } }',
        data: { m: [[{ stock: 3 }], [null, { stock: 4 }], null, [{ stock: null }, { stock: 3 }, { stock: null }]] },
        errors: ['m.3.0.stock: no stock', 'm.3.2.stock: no stock'],
      },
      {
        title: 'T5: objects and lists with null in the middle of the path',
        operation: '{ w { p { stock } other { stock } } }',
        data: {
          w: [
            { p: { stock: null }, other: [{ stock: 3 }, { stock: null }] },
            { p: null, other: null },
            { p: { stock: 3 }, other: [{ stock: null }] },
          ],
        },
        errors: ['w.0.p.stock: no stock', 'w.0.other.1.stock: no stock', 'w.2.other.0.stock: no stock'],
      },
      {
        title: 'T19: the root type below a list',
        operation: '{ list { id query { bad } } }',
        data: {
          list: [
            { id: '1', query: { bad: null } },
            { id: '2', query: { bad: null } },
          ],
        },
        errors: ['list.0.query.bad: bad', 'list.1.query.bad: bad'],
        calls: ['a', 'b'],
      },
      {
        title: 'T19: deeper below a list',
        operation: '{ list { query { good deep { e } } } }',
        data: { list: [1, 2].map(() => ({ query: { good: 5, deep: { e: null } } })) },
        errors: ['list.0.query.deep.e: no e', 'list.1.query.deep.e: no e'],
        calls: ['a', 'b'],
      },
    ],
  );
});

describe('null where it is not allowed', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { o: O l: [N!] ll: [[N!]!] nn: [N!]! deep: D p: P q: P! ps: [P!] qs: [P!]! mixed: [P] holder: H }
            type O { a: Int! b: Int } type N { v: Int! w: Int } type D { o: O! c: Int } type P @key(fields: "id") { id: ID! n: String }
            type H { p: P! x: Int }`,
          answer: ({ query }) =>
            query.includes('_entities')
              ? undefined
              : {
                  data: {
                    o: { a: null, b: 1 },
                    l: [{ v: 1 }, { v: null }, null],
                    ll: [[{ v: 1 }], [{ v: 2 }, { v: null }]],
                    nn: [{ v: null, w: 1 }],
                    deep: { o: { a: null, b: 2 }, c: 3 },
                    p: { __typename: 'P', id: '1', n: 'n' },
                    q: { __typename: 'P', id: '1', n: 'n' },
                    ps: [
                      { __typename: 'P', id: '3' },
                      { __typename: 'P', id: '1' },
                    ],
                    qs: [{ __typename: 'P', id: '1' }],
                    mixed: [{ __typename: 'P', id: '3' }, { __typename: 'P', id: '1' }, null],
                    holder: { p: { __typename: 'P', id: '1' }, x: 1 },
                  },
                },
        },
        b: {
          sdl: 'type P @key(fields: "id") { id: ID! s: Int! t: Int }',
          resolvers: {
            P: {
              __resolveReference: ({ id }: { id: string }) => (id === '1' ? null : { id }),
              s: () => 1,
              t: () => 2,
            },
          },
        },
      }),
    [
      {
        title: 'T8: two faults of one list',
        operation: '{ l { v } }',
        data: { l: null },
        errors: ['l.1.v: The answer has null at N.v.', 'l.2: The answer has null at Query.l.'],
      },
      {
        title: 'T8: a list of lists',
        operation: '{ ll { v } }',
        data: { ll: null },
        errors: ['ll.1.1.v: The answer has null at N.v.'],
      },
      {
        title: 'T8: up to the root',
        operation: '{ nn { v } o { b } }',
        data: null,
        errors: ['nn.0.v: The answer has null at N.v.'],
      },
      {
        title: 'T8: up to the nearest place',
        operation: '{ deep { o { a } c } o { b } }',
        data: { deep: null, o: { b: 1 } },
        errors: ['deep.o.a: The answer has null at O.a.'],
      },
      {
        title: 'T8: a fault that is not asked for',
        operation: '{ deep { o { b } } }',
        data: { deep: { o: { b: 2 } } },
      },
      { title: 'T9: a missing entity, nullable field', operation: '{ p { t } }', data: { p: { t: null } } },
      { title: 'T9: a missing entity, required field', operation: '{ p { n s } }', data: { p: null } },
      {
        title: 'T9: a missing entity in a list of required items',
        operation: '{ ps { s } }',
        data: { ps: null },
        errors: ['ps.1.s: The answer has nothing at P.s.'],
      },
      {
        title: 'T9: a missing entity, up to the root',
        operation: '{ qs { s t } }',
        data: null,
        errors: ['qs.0.s: The answer has nothing at P.s.'],
      },
      {
        title: 'T9: a missing entity in a required place',
        operation: '{ holder { x p { s } } mixed { s } }',
        data: { holder: null, mixed: [{ s: 1 }, null, null] },
        errors: ['holder.p.s: The answer has nothing at P.s.'],
      },
    ],
  );
});

describe('failed calls', () => {
  const unavailable = { message: 'b is away', extensions: { code: 'SERVICE_UNAVAILABLE' } };
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { p: P ps: [P!]! us: [U!] ok: Int } union U = P | Q type Q { x: Int }
            type P @key(fields: "id") { id: ID! name: String o: P v: V @shareable } type V @shareable { x: Int }`,
          resolvers: {
            Query: {
              p: () => ({ id: 1, name: 'n', o: { id: 2 }, v: { x: 4 } }),
              ps: () => [{ id: 1 }, { id: 2 }],
              us: () => [
                { __typename: 'Q', x: 1 },
                { __typename: 'P', id: 1 },
              ],
              ok: () => 1,
            },
          },
        },
        b: {
          sdl: `type P @key(fields: "id") { id: ID! t: Int s: Int! w: Int v: V @shareable } type V @shareable { y: Int z: Int! }
            type Query { root: Int deep: D must: D } type D { e: Int! }`,
          answer: () => ({ data: null, errors: [unavailable] }),
        },
        c: {
          sdl: 'type P @key(fields: "id") { id: ID! w: Int @external z: Int @requires(fields: "w") free: Int }',
          resolvers: { P: { z: () => 1, free: () => 2 } },
        },
      }),
    [
      {
        title: 'T35: nullable fields',
        operation: '{ p { name a: t t } ok }',
        data: { p: { name: 'n', a: null, t: null }, ok: 1 },
        errors: ['p.a: b is away', 'p.t: b is away'],
      },
      {
        title: 'T35: a required field',
        operation: '{ p { name s t o { id t } } ok }',
        data: { p: null, ok: 1 },
        errors: ['p: b is away'],
      },
      {
        title: 'T35: two entities',
        operation: '{ ps { id t } us { ... on P { t } ... on Q { x } } }',
        data: {
          ps: [
            { id: '1', t: null },
            { id: '2', t: null },
          ],
          us: [{ x: 1 }, { t: null }],
        },
        errors: ['ps.0.t: b is away', 'ps.1.t: b is away', 'us.1.t: b is away'],
      },
      {
        title: 'T35: root fields',
        operation: '{ root ok deep { e } }',
        data: { root: null, ok: 1, deep: null },
        errors: ['root: b is away', 'deep: b is away'],
      },
      {
        title: 'T35: a part of an object that another call has brought',
        operation: '{ p { v { x y } } }',
        data: { p: { v: { x: 4, y: null } } },
        errors: ['p.v.y: b is away'],
      },
      {
        title: 'T35: a required part of an object that another call has brought',
        operation: '{ p { name v { x z } } }',
        data: { p: { name: 'n', v: null } },
        errors: ['p.v: b is away'],
      },
      {
        title: 'T35: an input of another call',
        operation: '{ p { name z } }',
        data: { p: { name: 'n', z: null } },
        errors: ['p.z: b is away'],
        calls: ['a', 'b'],
      },
      {
        title: 'T35: a call that needs no such input goes on',
        operation: '{ p { free t } }',
        data: { p: { free: 2, t: null } },
        errors: ['p.t: b is away'],
      },
    ],
  );
});
