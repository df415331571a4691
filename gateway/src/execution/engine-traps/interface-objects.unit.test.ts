import { GraphQLError } from 'graphql';
import { createGraph } from '../test/graph.ts';
import { runCases } from './test/run-cases.ts';

const objects: Record<string, object> = {
  '1': { __typename: 'A', id: '1', x: 'x1' },
  '2': { __typename: 'B', id: '2', y: 'y2' },
  '9': { __typename: 'B', id: '9', y: 'y9' },
};
const find = ({ id }: { id: string }) => objects[id];
const known = {
  sdl: `type Query { is: [I!] } interface I @key(fields: "id") { id: ID! }
    type A implements I @key(fields: "id") { id: ID! x: String } type B implements I @key(fields: "id") { id: ID! y: String }`,
  resolvers: {
    Query: { is: () => [objects['1'], objects['2']] },
    I: { __resolveReference: find },
    A: { __resolveReference: find },
    B: { __resolveReference: find },
  },
};

describe('interface objects', () => {
  runCases(
    () =>
      createGraph({
        a: known,
        b: {
          sdl: 'type Query { ib: I ibs: [I!] } type I @key(fields: "id") @interfaceObject { id: ID! extra: String more: Int }',
          resolvers: {
            Query: { ib: () => ({ id: '1' }), ibs: () => [{ id: '2' }, { id: '1' }] },
            I: {
              extra: ({ id }: { id: string }) => {
                if (id === '9') throw new GraphQLError('no extra');
                return `E${id}`;
              },
              more: ({ id }: { id: string }) => Number(id) * 10,
            },
          },
        },
      }),
    [
      {
        title: 'T10: fields of the interface in another subgraph',
        operation: '{ is { __typename extra ... on A { x } } }',
        data: {
          is: [
            { __typename: 'A', extra: 'E1', x: 'x1' },
            { __typename: 'B', extra: 'E2' },
          ],
        },
        sent: {
          b: [
            [
              { __typename: 'I', id: '1' },
              { __typename: 'I', id: '2' },
            ],
          ],
        },
      },
      {
        title: 'T10: on one type alone',
        operation: '{ is { id ... on B { extra y more } } }',
        data: { is: [{ id: '1' }, { id: '2', extra: 'E2', y: 'y2', more: 20 }] },
      },
      {
        title: 'T10: from the interface object to the type',
        operation: '{ ib { __typename id extra } }',
        data: { ib: { __typename: 'A', id: '1', extra: 'E1' } },
        calls: ['b', 'a'],
      },
      {
        title: 'T10: the interface object alone',
        operation: '{ ib { id extra } ibs { more } }',
        data: { ib: { id: '1', extra: 'E1' }, ibs: [{ more: 20 }, { more: 10 }] },
        calls: ['b'],
      },
      {
        title: 'an alias on one type that is a field of another one, beside the field for all types',
        operation: '{ is { extra ... on A { x } ... on B { x: extra } } }',
        data: {
          is: [
            { extra: 'E1', x: 'x1' },
            { extra: 'E2', x: 'E2' },
          ],
        },
      },
      {
        title: 'an alias on one type that is the field of the interface on another one',
        operation: '{ is { a: extra ... on A { extra: x } ... on B { extra } } }',
        data: {
          is: [
            { a: 'E1', extra: 'x1' },
            { a: 'E2', extra: 'E2' },
          ],
        },
      },
      {
        title: 'one alias of two fields of the interface, in other selections',
        operation: '{ is { ... on A { a: extra } } ibs { a: more } ib { ... on B { a: extra } b: extra } }',
        data: { is: [{ a: 'E1' }, {}], ibs: [{ a: 20 }, { a: 10 }], ib: { b: 'E1' } },
      },
      {
        title: 'T42: the type after its interface',
        operation: '{ ib { ... on A { __typename extra } } }',
        data: { ib: { __typename: 'A', extra: 'E1' } },
      },
      {
        title: 'T42: types of a list',
        operation: '{ ibs { ... on A { x extra } ... on B { y more } ... on I { __typename } } }',
        data: {
          ibs: [
            { y: 'y2', more: 20, __typename: 'B' },
            { x: 'x1', extra: 'E1', __typename: 'A' },
          ],
        },
      },
      {
        title: 'T42: the other type',
        operation: '{ ib { ... on B { __typename extra } id } }',
        data: { ib: { id: '1' } },
      },
      {
        title: 'T42: an alias of the type',
        operation: '{ ib { t: __typename ... on I { ... on A { u: __typename extra } } } }',
        data: { ib: { t: 'A', u: 'A', extra: 'E1' } },
      },
    ],
  );
});

describe('interface objects with failures', () => {
  runCases(
    () =>
      createGraph({
        a: {
          ...known,
          answer: ({ query }) =>
            query.includes('_entities') ? { data: null, errors: [{ message: 'a is away' }] } : undefined,
        },
        b: {
          sdl: 'type Query { ib: I bad: Int } type I @key(fields: "id") @interfaceObject { id: ID! extra: String }',
          resolvers: {
            Query: { ib: () => ({ id: '1' }), bad: () => new GraphQLError('bad') },
            I: { extra: () => 'E' },
          },
        },
      }),
    [
      {
        title: 'T10: the type is not known, and is asked for',
        operation: '{ ib { __typename id } }',
        data: { ib: null },
        errors: ['ib: a is away'],
      },
      {
        title: 'T10: the type is not known, and is not needed',
        operation: '{ ib { id ... on A { x } } }',
        data: { ib: { id: '1' } },
        errors: ['ib: a is away'],
      },
      {
        title: 'T10: the type is not known, and another field has an error',
        operation: '{ bad ib { id ... on A { x } } }',
        data: { bad: null, ib: { id: '1' } },
        errors: ['bad: bad', 'ib: a is away'],
      },
    ],
  );
});

describe('interface objects with requirements', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: `type Query { is: [I!] } interface I @key(fields: "id") { id: ID! name: String }
            type A implements I @key(fields: "id") { id: ID! name: String }
            type B implements I @key(fields: "id") { id: ID! name: String }`,
          resolvers: {
            Query: {
              is: () => [
                { __typename: 'A', id: '1', name: 'n1' },
                { __typename: 'B', id: '2', name: null },
              ],
            },
            I: {
              __resolveReference: ({ id }: { id: string }) => ({
                __typename: id === '1' ? 'A' : 'B',
                id,
                name: `n${id}`,
              }),
            },
          },
        },
        b: {
          sdl: `type Query { ib: I } type I @key(fields: "id") @interfaceObject {
            id: ID! name: String @external loud: String @requires(fields: "name") }`,
          resolvers: {
            Query: { ib: () => ({ id: '2' }) },
            I: { loud: ({ name }: { name: string | null }) => `${name}!` },
          },
        },
      }),
    [
      {
        title: 'T10: a requirement of an interface object',
        operation: '{ is { __typename loud } }',
        data: {
          is: [
            { __typename: 'A', loud: 'n1!' },
            { __typename: 'B', loud: 'null!' },
          ],
        },
      },
      {
        title: 'T10: the same from the interface object',
        operation: '{ ib { loud ... on B { name } } }',
        data: { ib: { loud: 'n2!', name: 'n2' } },
      },
    ],
  );
});

describe('an interface object without a way to it', () => {
  runCases(
    () =>
      createGraph({
        a: {
          sdl: 'type Query { one: I three: Int } interface I @key(fields: "id") { id: ID! }',
          resolvers: { Query: { one: () => ({ id: '1' }), three: () => 3 } },
        },
        b: {
          sdl: 'type Query { two: I } type I @key(fields: "id", resolvable: false) @interfaceObject { id: ID! size: Int }',
          resolvers: { Query: { two: () => ({ id: '1', size: 8 }) } },
        },
      }),
    [
      {
        title: 'T43: a plan without steps for a selected field',
        operation: '{ one { size } }',
        data: null,
        errors: ['No service can find the field one at this place. Remove it from the operation.'],
        calls: [],
      },
      {
        title: 'T43: beside a field that can be found',
        operation: '{ three one { size } }',
        data: null,
        errors: ['No service can find the field one at this place. Remove it from the operation.'],
        calls: [],
      },
      { title: 'T43: the same field where it can be found', operation: '{ two { size } }', data: { two: { size: 8 } } },
    ],
  );
});
