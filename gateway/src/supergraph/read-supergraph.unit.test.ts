import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse, print } from 'graphql';
import { readSupergraph } from './index.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@requires", "@external", "@provides", "@override", "@interfaceObject"])`;

const composed = composeServices([
  {
    name: 'catalogue',
    url: 'http://catalogue/graphql',
    typeDefs: parse(`${link}
      type Query { book(id: ID!): Book media: [Media!]! }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") @key(fields: "isbn region { code }") {
        id: ID! title: String isbn: String! region: Region! weight: Int pages: [[Page!]]! old: Int
      }
      type Page { number: Int! }
      type Region @shareable { code: String! }
      type Film implements Media @key(fields: "id") { id: ID! title: String }
      union Found = Book | Film`),
  },
  {
    name: 'shipping',
    url: 'http://shipping/graphql',
    typeDefs: parse(`${link}
      type Book @key(fields: "id") {
        id: ID! weight: Int @external cost: Int @requires(fields: "weight") old: Int @override(from: "catalogue")
      }
      type Film @key(fields: "id", resolvable: false) { id: ID! }
      type Region @shareable { code: String! }
      type Mutation { ship: Int }`),
  },
  {
    name: 'reviews',
    url: 'http://reviews/graphql',
    typeDefs: parse(`${link} type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }`),
  },
]);
if (composed.supergraphSdl === undefined) throw new Error(composed.errors?.join('\n'));
const supergraph = readSupergraph(composed.supergraphSdl);
const getField = (type: string, field: string) => supergraph.getField(type, field)!;

test('knows the subgraphs with their URLs', () => {
  expect([...supergraph.subgraphs.values()]).toEqual([
    { name: 'catalogue', url: 'http://catalogue/graphql' },
    { name: 'reviews', url: 'http://reviews/graphql' },
    { name: 'shipping', url: 'http://shipping/graphql' },
  ]);
});

test('knows the roots', () => {
  expect([supergraph.getRootType('query'), supergraph.getRootType('mutation')]).toEqual(['Query', 'Mutation']);
  expect(readSupergraph('schema { query: Q } type Q { a: Int }').getRootType('query')).toBe('Q');
});

test('knows the types of fields', () => {
  const { type, typeName, isNonNull, cost } = getField('Book', 'pages');
  expect([print(type), typeName, isNonNull, cost.isList]).toEqual(['[[Page!]]!', 'Page', true, true]);
  expect([getField('Book', 'title').isNonNull, getField('Book', 'title').cost.isList]).toEqual([false, false]);
  expect(supergraph.getField('Book', '__typename')).toBeUndefined();
  expect(supergraph.getField('Nothing', 'id')).toBeUndefined();
});

test('knows which fragments apply to an object', () => {
  const { isMatchedBy, isAbstract } = supergraph;
  expect(['Book', 'Media', 'Found', 'Film', 'Nothing'].map((condition) => isMatchedBy('Book', condition))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(['Media', 'Found', 'Book', 'Int', 'Nothing'].map(isAbstract)).toEqual([true, true, false, false, false]);
});

test('knows the keys of a type in each subgraph', () => {
  const key = (subgraph: string, text: string, isResolvable = true) => ({
    subgraph,
    key: text,
    isResolvable,
    isInterfaceObject: false,
  });
  expect(supergraph.types.get('Book')?.joins).toEqual([
    key('catalogue', 'id'),
    key('catalogue', 'isbn region { code }'),
    key('shipping', 'id'),
  ]);
  expect(supergraph.types.get('Film')?.joins).toContainEqual(key('shipping', 'id', false));
  expect(supergraph.types.get('Media')?.joins).toContainEqual({ ...key('reviews', 'id'), isInterfaceObject: true });
  expect(supergraph.types.get('Page')?.joins).toEqual([expect.objectContaining({ key: undefined })]);
});

test.each([
  ['Query', 'book', ['catalogue']],
  // Without a directive on the field, every subgraph of the type resolves it.
  ['Book', 'id', ['catalogue', 'shipping']],
  ['Region', 'code', ['catalogue', 'shipping']],
  // The field is external in another subgraph.
  ['Book', 'weight', ['catalogue']],
  ['Book', 'cost', ['shipping']],
  // Another subgraph overrides the field.
  ['Book', 'old', ['shipping']],
  // An interface object adds the field.
  ['Media', 'stars', ['reviews']],
])('%s.%s is resolved by %j', (type, field, owners) => {
  expect(getField(type, field).owners).toEqual(owners);
});

test('knows what a field requires', () => {
  expect(getField('Book', 'cost').joins).toEqual([
    expect.objectContaining({ subgraph: 'shipping', requires: 'weight', isExternal: false }),
  ]);
});

test('the committed supergraph has an owner for each field of its objects', () => {
  const { types } = readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8'));
  const objects = [...types.values()].filter(({ kind }) => kind === 'object');
  expect(objects.length).toBeGreaterThan(20);
  for (const { name, fields } of objects) {
    for (const field of fields.values()) expect([name, field.name, field.owners]).not.toContainEqual([]);
  }
});
