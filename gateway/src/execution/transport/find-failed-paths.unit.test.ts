import { parse } from 'graphql';
import { readSupergraph, type Variables } from '../../supergraph/index.ts';
import { findFailedPaths } from './find-failed-paths.ts';

const supergraph = readSupergraph(`
  interface Node { id: ID! }
  union Thing = Product | User
  type Product implements Node { id: ID! name: String! description: String }
  type User implements Node { id: ID! email: String orders: [ID!] }
`);

const fail = (query: string, variables: Variables = {}) =>
  findFailedPaths({ document: parse(query), variables }, supergraph);
const entities = (selection: string, representations: unknown, directives = '') =>
  fail(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) ${directives} { ${selection} } }`,
    { representations },
  );
const product = { __typename: 'Product', id: '1' };
const user = { __typename: 'User', id: '1' };

describe('a call for root fields', () => {
  test('leaves each of them null under its alias', () => {
    expect(
      fail(
        '{ __typename a: product(id: 1) { id } ...F } fragment F on Query { b: product(id: 2) { id } a: product(id: 1) { name } }',
      ),
    ).toEqual({
      data: { a: null, b: null },
      paths: [['a'], ['b']],
    });
  });

  test('ignores fields that were not included', () => {
    const query =
      'query ($yes: Boolean!, $no: Boolean!) { a @include(if: $yes) b @include(if: $no) ' +
      'c @skip(if: $yes) ... @skip(if: $no) { d } e @skip(if: true) }';
    expect(fail(query, { yes: true, no: false }).paths).toEqual([['a'], ['d']]);
  });

  test('reports the root field of a mutation', () => {
    expect(fail('mutation { placeOrder { __typename } }').paths).toEqual([['placeOrder']]);
  });
});

describe('a call for entities', () => {
  test('makes the entity null if a selected field cannot be null', () => {
    expect(entities('... on Product { name description }', [product, product])).toEqual({
      data: { _entities: [null, null] },
      paths: [
        ['_entities', 0],
        ['_entities', 1],
      ],
    });
  });

  test('makes the fields null if all of them can be null', () => {
    expect(entities('... on User { mail: email orders }', [user]).paths).toEqual([
      ['_entities', 0, 'mail'],
      ['_entities', 0, 'orders'],
    ]);
  });

  test('uses the fields of each entity’s own type', () => {
    expect(entities('... on User { email } ... on Product { name }', [product, user]).paths).toEqual([
      ['_entities', 0],
      ['_entities', 1, 'email'],
    ]);
  });

  test('opens fragments on interfaces and unions', () => {
    expect(
      entities('... on Node { ... on User { email } } ... on Thing { ... on User { orders } }', [user]).paths,
    ).toEqual([
      ['_entities', 0, 'email'],
      ['_entities', 0, 'orders'],
    ]);
  });

  test('reports the entity itself if no field applies to it', () => {
    expect(entities('... on User { email }', [product]).paths).toEqual([['_entities', 0]]);
    expect(entities('... on User { email }', undefined)).toEqual({ data: { _entities: [] }, paths: [] });
  });
});
