import { createGraph } from '../test/graph.ts';
import { runCases, type Case } from './test/run-cases.ts';

const all = [true, false];
const pairs = all.flatMap((s) => all.map((i) => ({ s, i })));

describe('conditions', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { p: P! o: P ps: [P!]! q: Q } type P @key(fields: "id") { id: ID! w: Int v: Int d: D }
            type D { e: Int f: Int } type Q { x: P y: Int }`,
          resolvers: {
            Query: {
              p: () => ({ id: 1, w: 2, v: 3, d: { e: 4, f: 6 } }),
              o: () => ({ id: 1, w: 2, v: 3, d: { e: 4, f: 6 } }),
              ps: () => [1, 2].map((id) => ({ id, w: id * 2, v: 3 })),
              q: () => ({ x: { id: 7, w: 8 }, y: 9 }),
            },
          },
        },
        b: {
          sdl: `type P @key(fields: "id") { id: ID! w: Int @external d: D @external stock: Int!
            cost: Int @requires(fields: "w") sum: Int @requires(fields: "d { e f }") } type D { e: Int @external f: Int @external }`,
          resolvers: {
            P: {
              stock: ({ id }: { id: string }) => 4 + Number(id),
              cost: ({ w }: { w: number }) => w * 10,
              sum: ({ d }: { d: { e: number; f: number } | null }) => d && d.e + d.f,
            },
          },
        },
      }),
    [
      ...all.map((s) => ({
        title: `T7: a field of another subgraph, ${s}`,
        operation: 'query($s: Boolean! = true) { p { id stock @skip(if: $s) } }',
        variables: { s },
        data: { p: { id: '1', ...(s ? {} : { stock: 5 }) } },
        calls: s ? ['a'] : ['a', 'b'],
      })),
      {
        title: 'T7: the default of a condition',
        operation: 'query($s: Boolean! = true) { p { id stock @skip(if: $s) } }',
        data: { p: { id: '1' } },
        calls: ['a'],
      },
      {
        title: 'T7: null for a condition with a default',
        operation: 'query($s: Boolean = true) { p { id stock @skip(if: $s) } }',
        variables: { s: null },
        data: null,
        errors: ['Variable "$s" is a condition, and must be true or false.'],
        calls: [],
      },
      { title: 'T7: a constant at the root', operation: '{ p @skip(if: true) { id } }', data: {}, calls: [] },
      { title: 'T7: a constant on all of an object', operation: '{ p { id @skip(if: true) } }', data: { p: {} } },
      {
        title: 'T7: an entity call that is skipped by a constant',
        operation: '{ p { id stock @include(if: false) } }',
        data: { p: { id: '1' } },
        calls: ['a'],
      },
      ...pairs.map(({ s, i }) => ({
        title: `T7: skip and include, ${s}, ${i}`,
        operation: 'query($s: Boolean!, $i: Boolean!) { p { id stock @skip(if: $s) @include(if: $i) } }',
        variables: { s, i },
        data: { p: { id: '1', ...(!s && i ? { stock: 5 } : {}) } },
        calls: !s && i ? ['a', 'b'] : ['a'],
      })),
      ...all.map((s) => ({
        title: `T7: one variable in both, ${s}`,
        operation: `query($s: Boolean!) { p { id ... @skip(if: $s) { stock } ...F @include(if: $s) v @skip(if: $s) @include(if: $s) } }
           fragment F on P { c: cost }`,
        variables: { s },
        data: { p: { id: '1', ...(s ? { c: 20 } : { stock: 5 }) } },
      })),
      ...pairs.map(({ s, i }) => ({
        title: `T7: fragments and fields, ${s}, ${i}`,
        operation: `query($s: Boolean!, $i: Boolean!) { ...F @include(if: $i) ... @skip(if: $s) { p { stock } } q { y } }
           fragment F on Query { p { v @skip(if: $s) d @include(if: $s) { e } } }`,
        variables: { s, i },
        data: {
          ...(i || !s ? { p: { ...(i ? (s ? { d: { e: 4 } } : { v: 3 }) : {}), ...(s ? {} : { stock: 5 }) } } : {}),
          q: { y: 9 },
        },
      })),
      ...all.map((s) => ({
        title: `T40: a requirement under a condition, ${s}`,
        operation: 'query($s: Boolean!) { p { id cost @skip(if: $s) stock } }',
        variables: { s },
        data: { p: { id: '1', ...(s ? {} : { cost: 20 }), stock: 5 } },
      })),
      ...all.map((s) => ({
        title: `T40: in a list, ${s}`,
        operation: 'query($s: Boolean!) { ps { stock cost @include(if: $s) } }',
        variables: { s },
        data: { ps: [5, 6].map((stock, index) => ({ stock, ...(s ? { cost: (index + 1) * 20 } : {}) })) },
      })),
      ...pairs.map(({ s, i }) => ({
        title: `T40: two requirements, ${s}, ${i}`,
        operation: 'query($s: Boolean!, $i: Boolean!) { o { sum @skip(if: $s) cost @include(if: $i) stock } }',
        variables: { s, i },
        data: { o: { ...(s ? {} : { sum: 10 }), ...(i ? { cost: 20 } : {}), stock: 5 } },
      })),
      ...all.map((s) => ({
        title: `T40: all fields of a call have a requirement, ${s}`,
        operation: 'query($s: Boolean!) { o { id cost @skip(if: $s) } }',
        variables: { s },
        data: { o: { id: '1', ...(s ? {} : { cost: 20 }) } },
        calls: s ? ['a'] : ['a', 'b'],
      })),
      ...pairs.map(({ s, i }): Case => ({
        title: `T41: all selections have a condition, ${s}, ${i}`,
        operation: 'query($s: Boolean!, $i: Boolean!) { p @include(if: $i) { w @skip(if: $s) } }',
        variables: { s, i },
        data: i ? { p: s ? {} : { w: 2 } } : {},
      })),
      ...all.map((s): Case => ({
        title: `T41: below a nullable field, ${s}`,
        operation: 'query($s: Boolean!) { q { x { w @skip(if: $s) stock @skip(if: $s) } } }',
        variables: { s },
        data: { q: { x: s ? {} : { w: 8, stock: 11 } } },
      })),
      ...all.map((s) => ({
        title: `T46: a skipped parent keeps its fields from another one of its name, ${s}`,
        operation: 'query($s: Boolean!) { q { x @skip(if: $s) { w } } ...F } fragment F on Query { q { x { id } } }',
        variables: { s },
        data: { q: { x: s ? { id: '7' } : { w: 8, id: '7' } } },
      })),
    ],
  );
});
