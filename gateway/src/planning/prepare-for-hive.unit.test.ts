import { composeServices } from '@apollo/composition';
import { parse, print } from 'graphql';
import { readSupergraph } from '../supergraph/index.ts';
import { createHivePreparation } from './prepare-for-hive.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"]) ';
const { supergraphSdl } = composeServices(
  Object.entries({
    a: `type Query { is: [I!] as: [A] } type Mutation { a: Int b: Int } interface I @key(fields: "id") { id: ID! }
      type A implements I @key(fields: "id") { id: ID! x: String }`,
    b: 'type I @key(fields: "id") @interfaceObject { id: ID! extra: String peer: I }',
  }).map(([name, sdl]) => ({ name, url: '', typeDefs: parse(link + sdl) })),
);
const prepare = createHivePreparation(readSupergraph(supergraphSdl ?? ''));
const format = (text: string) => print(parse(text));

test('an operation stays as it is', () => {
  const text = '{ a { __typename ... on B { c __typename t: __typename } } }';
  expect(prepare(text)).toEqual({ text });
  expect(prepare('mutation { a { b c } }')).toEqual({ text: 'mutation { a { b c } }' });
});

test('an alias of __typename, or one with a condition, gets __typename beside it', () => {
  const prepared = prepare('{ a { t: __typename b { __typename @skip(if: true) c } } }');
  expect('text' in prepared && format(prepared.text)).toBe(
    format('{ a { t: __typename b { __typename @skip(if: true) c __typename } __typename } }'),
  );
});

test('a field of an interface object on the interface stays', () => {
  const text = '{ is { extra peer { extra id } } }';
  expect(prepare(text)).toEqual({ text });
});

test.each([
  ['mutation { a b }', 'a mutation with several fields'],
  ['mutation { a ...F } fragment F on Mutation { b }', 'a mutation with several fields'],
  ['{ is { peer { ... @include(if: true) { id } } } }', 'an @interfaceObject: I'],
  ['{ is { ...F } } fragment F on A { id }', 'an @interfaceObject: I'],
  ['{ as { x: extra } }', 'an @interfaceObject: A.extra'],
])('%s is refused', (text, refusal) => {
  expect(prepare(text)).toEqual({ refusal });
});
