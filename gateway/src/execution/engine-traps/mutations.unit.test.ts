import { GraphQLError } from 'graphql';
import { createGraph } from '../test/graph.ts';
import { runCases } from './test/run-cases.ts';

describe('mutations', () => {
  let count = 0;
  const next = () => (count += 1);
  beforeEach(() => void (count = 0));
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { q: Int } type Mutation { a1: R a2: R must: R! failing: Int!  p: P } type R { id: Int query: Query }
            type P @key(fields: "id") { id: ID! }`,
          resolvers: {
            Query: { q: () => count },
            Mutation: {
              a1: () => ({ id: next(), query: {} }),
              a2: () => ({ id: next(), query: {} }),
              must: () => null,
              failing: () => {
                next();
                throw new GraphQLError('failed');
              },
              p: () => ({ id: next() }),
            },
          },
        },
        b: {
          sdl: 'type Query { r: Int } type Mutation { b1: Int b2(n: Int): Int } type P @key(fields: "id") { id: ID! s: Int }',
          resolvers: {
            Query: { r: () => count * 10 },
            Mutation: { b1: next, b2: (_: unknown, { n }: { n: number }) => (count += n) },
            P: { s: () => count * 100 },
          },
        },
      }),
    [
      {
        title: 'T18: two subgraphs in order',
        operation: 'mutation { a1 { id query { q } } b1 again: a1 { id } }',
        data: { a1: { id: 1, query: { q: 1 } }, b1: 2, again: { id: 3 } },
        calls: ['a', 'b', 'a'],
      },
      {
        title: 'T18: the root type of queries after each one',
        operation: 'mutation { a1 { id query { q r } } b1 a2 { id query { r q } } }',
        data: { a1: { id: 1, query: { q: 1, r: 10 } }, b1: 2, a2: { id: 3, query: { r: 30, q: 3 } } },
      },
      {
        title: 'T18: equal calls are all made',
        operation: 'mutation { x: b2(n: 2) a1 { id } y: b2(n: 2) z: b2(n: 2) }',
        data: { x: 2, a1: { id: 3 }, y: 5, z: 7 },
        calls: ['b', 'a', 'b'],
      },
      {
        title: 'T18: an entity between',
        operation: 'mutation { p { s id } b1 }',
        data: { p: { s: 100, id: '1' }, b1: 2 },
        calls: ['a', 'b', 'b'],
      },
      {
        title: 'T18: a failed one in the middle',
        operation: 'mutation { a1 { id } b1 failing x: b1 }',
        data: null,
        errors: ['failing: failed'],
        calls: ['a', 'b', 'a', 'b'],
      },
    ],
  );
});
