import { buildASTSchema, execute, GraphQLError, parse, type GraphQLFieldResolver } from 'graphql';
import { createGraph } from '../test/graph.ts';

const sdl = `type Query {
    o: O om: O! list: [O] must: [O!] all: [O!]! grid: [[Int!]!] n: N ns: [N!] u: [U] args(n: Int = 3, e: E, in: In): String
    bad: Int badMust: Int! e: E es: [E]
  }
  type Mutation { first: Int second: O third: Int! }
  type O { a: Int b: String! c: Int! o: O om: O! fails: Int failsMust: Int! }
  interface N { id: ID! other: N } type X implements N { id: ID! other: N x: Int } type Y implements N { id: ID! other: N y: Int! }
  union U = X | Y | O enum E { LOW HIGH } input In { a: Int = 1 b: [String!] }`;

const fail = (message: string) => () => {
  throw new GraphQLError(message);
};
const base = { __typename: 'O', a: 1, b: 'b', c: 3, fails: fail('fails'), failsMust: fail('must') };
const o = { ...base, o: { ...base, c: null, om: null }, om: { ...base, b: null } };
const x = { __typename: 'X', id: 1, x: 5, other: { __typename: 'Y', id: 2, y: null } };
const data: Record<string, unknown> = {
  o,
  om: o,
  list: [o, null, { ...base, b: null }],
  must: [o, { ...base, c: null }],
  all: [o, o],
  grid: [[1, 2], [3]],
  n: x,
  ns: [x, { __typename: 'Y', id: 3, y: 4, other: x }],
  u: [o, null, x],
  bad: fail('bad'),
  badMust: fail('bad must'),
  e: 'LOW',
  es: ['HIGH', null],
  first: 1,
  second: o,
  third: null,
};

/** Resolves fields by the members of objects, and functions by their result. */
const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, { fieldName }) => {
  if (fieldName === 'args') return JSON.stringify(args);
  const value = ((source ?? data) as Record<string, unknown>)[fieldName] ?? (source === undefined ? undefined : null);
  return typeof value === 'function' ? (value as () => unknown)() : value;
};

const graph = createGraph({ a: { sdl, fieldResolver } });
const schema = buildASTSchema(parse(sdl));

/** With one subgraph, the gateway changes nothing: the answer is that of graphql-js. */
test.each<[operation: string, variables?: Record<string, unknown>]>([
  ['{ o { a b c } om { a } list { a } all { c } grid e es }'],
  ['{ o { o { a } om { a } } }'],
  ['{ o { o { c } } bad }'],
  ['{ o { om { b } } bad }'],
  ['{ o { o { om { a } } a } }'],
  ['{ list { b } }'],
  ['{ must { c } e }'],
  ['{ all { o { c } } }'],
  ['{ all { om { b } } }'],
  ['{ badMust e }'],
  ['{ e bad o { fails } }'],
  ['{ o { failsMust a } e }'],
  ['{ om { failsMust } }'],
  ['{ list { failsMust } must { fails } }'],
  ['{ must { failsMust } }'],
  ['{ n { id ... on X { x other { id ... on Y { y } } } } }'],
  ['{ n { __typename other { __typename id } } }'],
  ['{ ns { ... on Y { y id } ...F } } fragment F on N { other { ... on X { x } id } }'],
  ['{ u { __typename ... on N { id } ... on O { a } ... on X { x } } }'],
  ['{ u { ... on Y { y } } }'],
  ['query($n: Int, $e: E) { args(n: $n, e: $e) }'],
  ['query($n: Int, $e: E) { args(n: $n, e: $e) }', { n: null, e: 'LOW' }],
  ['query($n: Int = 8, $in: In) { args(n: $n, in: $in) }', { in: { b: 'x' } }],
  ['{ args(in: { b: ["a", "b\\n"] }, e: HIGH) a: args(n: null) }'],
  ['query($s: Boolean!) { o @skip(if: $s) { a } e @include(if: $s) ... @skip(if: $s) { bad } }', { s: true }],
  ['query($s: Boolean!) { o @skip(if: $s) { a } e @include(if: $s) ... @skip(if: $s) { bad } }', { s: false }],
  ['{ o { ...F } o { b } } fragment F on O { a o { b } ...G } fragment G on O { o { a } }'],
  ['{ __typename x: __typename o { t: __typename } }'],
  ['mutation { first second { a fails } again: first }'],
  ['mutation { first third second { a } }'],
])('%s %j', async (operation, variables = {}) => {
  const document = parse(operation);
  const right = await execute({ schema, document, variableValues: variables, fieldResolver });
  const answer = await graph.ask('engine', { operation, variables });
  expect({ data: answer.data, errors: answer.errors.toSorted() }).toEqual({
    data: JSON.stringify(right.data),
    errors: (right.errors ?? []).map(({ message, path }) => `${path?.join('.')}: ${message}`).toSorted(),
  });
});
