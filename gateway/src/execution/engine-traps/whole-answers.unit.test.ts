import { chooseSize } from '@shop/testing/config';
import {
  getNullableType,
  isEnumType,
  isListType,
  isObjectType,
  isScalarType,
  parse,
  validate,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { createRandom } from '../../access/test/random-operation.ts';
import { createGraph } from '../test/graph.ts';
import { createRandomQuery } from './test/random-operation.ts';

const a = `type Query { p: P ps: [P!]! n: N ns: [N] u: U e: E hidden: H hiddenUnion: HU m(x: Int = 1): [[Int]] }
  type Mutation { set(x: Int!): P! }
  type P @key(fields: "id") { id: ID! name: String e: E price: Float other: P n: N }
  interface N { id: ID! other: N } type X implements N { id: ID! other: N x: Int } type Y implements N { id: ID! other: N y: P }
  union U = X | Y | P enum E { LOW HIGH }
  enum H { SEEN UNSEEN @inaccessible } type Z @inaccessible { z: Int } union HU = X | Z`;
const b = 'type P @key(fields: "id") { id: ID! stock: Int }';

/** Values that depend on the place alone, so that each executor gets the same ones. */
const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (
  _source,
  args,
  _context,
  { path, returnType, schema },
) => {
  let place = JSON.stringify(args);
  for (let step: typeof path | undefined = path; step !== undefined; step = step.prev) place += `/${step.key}`;
  let seed = 7;
  for (const character of place) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) | 0;
  return createValue(returnType, schema, createRandom(seed));
};

function createValue(type: GraphQLOutputType, schema: GraphQLSchema, random: () => number): unknown {
  const nullable = getNullableType(type);
  if (nullable === type && random() < 0.15) return null;
  if (isListType(nullable))
    return Array.from({ length: Math.floor(random() * 3) }, () => createValue(nullable.ofType, schema, random));
  if (isEnumType(nullable)) return nullable.getValues()[Math.floor(random() * 2)]?.value;
  if (isScalarType(nullable))
    return nullable.name === 'Int'
      ? Math.floor(random() * 100)
      : nullable.name === 'Float'
        ? random()
        : `"${String.fromCodePoint(Math.floor(random() * 3_000))}\n`;
  const types = (
    isObjectType(nullable) ? [nullable] : schema.getPossibleTypes(nullable)
  ) as readonly GraphQLObjectType[];
  return { __typename: types[Math.floor(random() * types.length)]?.name };
}

const graph = createGraph({ a: { sdl: a, fieldResolver }, b: { sdl: b, fieldResolver } });

test.each([
  ['fields', '{ p { id name } ps { name } m e }'],
  ['aliases', '{ x: p { n: name } y: p { id } }'],
  ['arguments and variables', 'query($x: Int) { m(x: $x) n: m(x: 3) }'],
  ['fragments', '{ p { ...F id } } fragment F on P { name other { ...G } } fragment G on P { id }'],
  ['one field in two places', '{ p { id other { id } } p { other { name } } }'],
  ['the name of an object type', '{ p { __typename id } }'],
  ['an interface with its names', '{ n { __typename id other { __typename } } }'],
  ['a union with its names', '{ u { __typename ... on P { name } ... on X { x } } }'],
  ['literal conditions', '{ p { id @skip(if: false) name @include(if: false) } }'],
  ['a mutation', 'mutation { set(x: 1) { id } }'],
])('an answer to an operation with %s is passed on unread', async (_what, operation) => {
  const read = await graph.ask('engine', { operation });
  const passed = await graph.ask('vouched', { operation });
  expect(passed).toEqual({ ...read, isPassed: true });
  expect(passed.errors).toEqual([]);
});

test.each([
  ['a second call', '{ p { name stock } }'],
  ['interfaces in interfaces, many levels deep', `{ n ${'{ __typename other '.repeat(12)}{ id } ${'}'.repeat(12)} }`],
  ['names of other fields', '{ p { name: id id: name } }'],
  ['the name of the root', '{ __typename p { id } }'],
  ['introspection', '{ p { id } __schema { queryType { name } } }'],
  ['a condition that a variable decides', 'query($s: Boolean = true) { p { id name @include(if: $s) } }'],
  ['a union without its names', '{ u { ... on P { name } } }'],
  ['an enum of which clients do not see a value', '{ hidden }'],
  ['a union of which clients do not see a type', '{ hiddenUnion { __typename ... on X { x } } }'],
])('an answer to an operation with %s is read', async (_what, operation) => {
  const read = await graph.ask('engine', { operation });
  expect(await graph.ask('vouched', { operation })).toEqual({ ...read, isPassed: false });
});

test('answers to random operations are the same, read or not', async () => {
  const operations = chooseSize({ short: 300, long: 8_000 });
  let [count, passed] = [0, 0];
  for (let seed = 1; count < operations; seed += 1) {
    const random = createRandom(seed);
    const operation = createRandomQuery({ schema: graph.schema, random, isConditional: seed % 3 === 0 });
    if (operation.length > 4_000 || validate(graph.schema, parse(operation)).length > 0) continue;
    count += 1;
    const request = { operation, variables: { s: random() < 0.5, i: random() < 0.5 } };
    const read = await graph.ask('engine', request);
    const vouched = await graph.ask('vouched', request);
    if (vouched.isPassed) passed += 1;
    expect({ ...request, ...vouched, isPassed: false }).toEqual({ ...request, ...read });
  }
  expect(passed).toBeGreaterThan(operations / 10);
}, 1_200_000);
