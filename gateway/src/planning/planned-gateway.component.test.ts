import { LocalGraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { GraphQLError, getOperationAST, parse, validate, type GraphQLSchema } from 'graphql';
import { whyNoHivePlanner } from '../../test/hive-planner.ts';
import { enforceAccess } from '../access/index.ts';
import { createLogger } from '@shop/process';
import { createEngineExecutor } from '../execution/engine-executor.ts';
import { addExecutionStages, type Execute, type ExecutionStage } from '../execution/execution-stages.ts';
import { createStockExecutor } from '../execution/stock-executor.ts';
import type { SubgraphResponse } from '../execution/transport/read-answer.ts';
import { readSupergraph } from '../supergraph/index.ts';
import { createPlannedGateway, type CreateExecutor } from './planned-gateway.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", ' +
  'import: ["@key", "@external", "@requires", "@authenticated"])';
const schemas = {
  accounts: `${link}
    type Query { me: User nodes: [Node!]! things: [Thing!]! search(input: Search, text: String, sizes: [Int!]): String }
    input Search { text: String! limit: Int = 5 level: Level any: Anything }
    enum Level { LOW HIGH }
    scalar Anything
    interface Node { id: ID! label: String }
    union Thing = User | Org
    type User implements Node @key(fields: "id org { code }") {
      id: ID! label: String email: String! org: Org! friends: [User!]! comments(limit: Int = 5): [String!]!
      secret: String @authenticated
    }
    type Org implements Node @key(fields: "code") { id: ID! code: String! label: String }`,
  orders: `${link}
    type User @key(fields: "id org { code }") {
      id: ID! org: Org! comments(limit: Int = 5): [String!]! @external
      orders: [String!]! broken: String key: String!
      summary: String @requires(fields: "comments(limit: 3)")
    }
    type Org @key(fields: "code") { code: String! orders: [String!]! broken: String }`,
};

const org = { __typename: 'Org', id: 'o1', code: 'ACME', label: 'Acme' };
const comments = ({ limit }: { limit: number }) => ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, limit);
const makeUser = (n: number) => ({
  __typename: 'User',
  id: `u${n}`,
  label: `User ${n}`,
  email: `u${n}@x.example`,
  org,
  comments,
  secret: 's',
});
const ada = { ...makeUser(1), friends: [makeUser(2), makeUser(3)] };
const resolvers = {
  accounts: {
    Query: {
      me: () => ada,
      nodes: () => [ada, org],
      things: () => [ada, org],
      search: (_: unknown, args: object) => JSON.stringify(args),
    },
    User: { __resolveReference: ({ id }: { id: string }) => makeUser(Number(id.slice(1))) },
    Org: { __resolveReference: () => org },
  },
  orders: {
    User: {
      __resolveReference: (reference: object) => reference,
      orders: ({ id }: { id: string }) => [`order of ${id}`],
      key: ({ id, org }: { id: string; org: { code: string } }) => `${id} of ${org.code}`,
      broken: () => {
        throw new GraphQLError('broken');
      },
      summary: ({ comments }: { comments: string[] }) => comments.join(),
    },
    Org: {
      __resolveReference: (reference: object) => reference,
      orders: ({ code }: { code: string }) => [`order of ${code}`],
      broken: () => {
        throw new GraphQLError('broken');
      },
    },
  },
};
const services = Object.entries(schemas).map(([name, typeDefs]) => ({ name, url: '', typeDefs: parse(typeDefs) }));

const sent: string[] = [];
let schema: GraphQLSchema;
let executors: readonly Execute[];
const stops: (() => Promise<void>)[] = [];

const sources = new Map(
  Object.entries(schemas).map(([name, text]) => [
    name,
    new LocalGraphQLDataSource(
      buildSubgraphSchema({
        typeDefs: parse(text),
        resolvers: resolvers[name as keyof typeof resolvers] as never,
      }),
    ),
  ]),
);

function callSubgraph(name: string, request: { query: string; variables: Record<string, unknown> }) {
  sent.push(`${name} ${request.query}`);
  return sources.get(name)?.process({ request, context: {} } as never) as Promise<SubgraphResponse>;
}

beforeAll(async () => {
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  const supergraph = readSupergraph(supergraphSdl);
  const getCredentials = () => ({ isAuthenticated: false, scopes: new Set<string>() });
  const own = createEngineExecutor({
    supergraph,
    callSubgraph: (name, { body }) =>
      callSubgraph(name, JSON.parse(body) as { query: string; variables: Record<string, unknown> }),
    getCredentials,
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  const stock = createStockExecutor({
    supergraph,
    getClient: () => 'client',
    createDataSource: ({ name }) => ({
      process: ({ request }) =>
        callSubgraph(name, request as { query: string; variables: Record<string, unknown> }) as never,
    }),
  });

  async function load(
    createExecutor: CreateExecutor,
    stages: readonly ExecutionStage[],
    planner: 'apollo' | 'hive' = 'apollo',
  ): Promise<Execute> {
    const gateway = createPlannedGateway({ supergraph, planTimeoutMs: 30_000, createExecutor, planner });
    stops.push(() => gateway.stop());
    gateway.onSchemaLoadOrUpdate(({ apiSchema }) => void (schema = apiSchema));
    const { executor } = await addExecutionStages(gateway, stages).load({ apollo: {} } as never);
    return executor as Execute;
  }
  executors = [await load(own, []), await load(stock, [enforceAccess({ supergraph, getCredentials })])];
  if (whyNoHivePlanner() === null) executors = [...executors, await load(own, [], 'hive')];
});
afterAll(() => Promise.all(stops.map((stop) => stop())));

/**
 * The answer of the gateway, with the paths of its errors. Both engines must answer the same, and so must the own one with the plans of
 * Hive.
 */
async function ask(query: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const request = { query, variables, ...(operationName === undefined ? {} : { operationName }) };
  const answers: { data: unknown; paths: string[] }[] = [];
  for (const execute of executors) {
    const context = { viewer: { userId: null }, ip: null };
    const operation = getOperationAST(document, operationName);
    const result = await execute({ document, operation, request, queryHash: 'unused', context, metrics: {} } as never);
    const paths = (result.errors ?? []).map(({ path, message }) => `${path?.join('.') ?? '?'}: ${message}`);
    answers.push({ data: JSON.parse(JSON.stringify(result.data ?? null)) as unknown, paths });
  }
  const [own, ...others] = answers as [(typeof answers)[0]];
  for (const other of others) expect(sortPaths(other)).toEqual(sortPaths(own));
  return own;
}

/** The order of errors depends on that of calls. */
const sortPaths = <Found extends { paths: string[] }>(found: Found): Found => ({
  ...found,
  paths: found.paths.toSorted(),
});

const orders = { orders: ['order of u1'] };
const email = 'u1@x.example';

test.each<[string, unknown]>([
  ['{ me { id: email orders } }', { me: { id: email, ...orders } }],
  ['{ me { orders id: email } }', { me: { ...orders, id: email } }],
  ['{ me { id: org { id } orders } }', { me: { id: { id: 'o1' }, ...orders } }],
  [
    '{ me { id: org { id: label code: id orders } orders } }',
    {
      me: { id: { id: 'Acme', code: 'o1', orders: ['order of ACME'] }, ...orders },
    },
  ],
  ['{ me { id: __typename orders } }', { me: { id: 'User', ...orders } }],
  ['{ me { __typename: email orders } }', { me: { __typename: email, ...orders } }],
  [
    '{ me { __typename: email id: __typename org: id key } }',
    {
      me: { __typename: email, id: 'User', org: 'u1', key: 'u1 of ACME' },
    },
  ],
  // The key of a nested key.
  ['{ me { org { code: label } key } }', { me: { org: { code: 'Acme' }, key: 'u1 of ACME' } }],
  ['{ me { org: email code: id key } }', { me: { org: email, code: 'u1', key: 'u1 of ACME' } }],
  // An alias that has the form of an internal one.
  [
    '{ me { renamed_id: label id: email renamed_id_: key orders } }',
    {
      me: { renamed_id: 'User 1', id: email, renamed_id_: 'u1 of ACME', ...orders },
    },
  ],
  ['{ me { id: email id: email ...F } } fragment F on User { id: email orders }', { me: { id: email, ...orders } }],
  [
    '{ me { ...F } } fragment F on User { id: org { ...G } orders } fragment G on Org { code: id orders }',
    {
      me: { id: { code: 'o1', orders: ['order of ACME'] }, ...orders },
    },
  ],
  [
    '{ me { friends { id: email orders } } }',
    {
      me: {
        friends: [
          { id: 'u2@x.example', orders: ['order of u2'] },
          { id: 'u3@x.example', orders: ['order of u3'] },
        ],
      },
    },
  ],
  [
    '{ nodes { id: label ... on User { orders } ... on Org { code: id } } }',
    {
      nodes: [
        { id: 'User 1', ...orders },
        { id: 'Acme', code: 'o1' },
      ],
    },
  ],
  [
    '{ nodes { ... on User { code: email key } ... on Org { code orders } } }',
    {
      nodes: [
        { code: email, key: 'u1 of ACME' },
        { code: 'ACME', orders: ['order of ACME'] },
      ],
    },
  ],
  [
    '{ things { __typename ... on User { id: label orders } ... on Org { code: __typename orders } } }',
    {
      things: [
        { __typename: 'User', id: 'User 1', ...orders },
        { __typename: 'Org', code: 'Org', orders: ['order of ACME'] },
      ],
    },
  ],
  ['query($no: Boolean = false) { me { id: email @include(if: $no) orders } }', { me: orders }],
  [
    'query($no: Boolean = false) { me { id: email @skip(if: $no) orders @include(if: true) } }',
    {
      me: { id: email, ...orders },
    },
  ],
  [
    '{ id: __typename code: me { key } org: __type(name: "Org") { name code: kind } }',
    {
      id: 'Query',
      code: { key: 'u1 of ACME' },
      org: { name: 'Org', code: 'OBJECT' },
    },
  ],
  // A requirement has an argument, and the client asks for the same field with another one.
  ['{ me { comments(limit: 1) summary } }', { me: { comments: ['a'], summary: 'a,b,c' } }],
  ['{ me { comments summary } }', { me: { comments: ['a', 'b', 'c', 'd', 'e'], summary: 'a,b,c' } }],
  [
    '{ me { comments: label summary more: comments(limit: 2) } }',
    {
      me: { comments: 'User 1', summary: 'a,b,c', more: ['a', 'b'] },
    },
  ],
])('%s', async (query, data) => {
  expect(await ask(query)).toEqual({ data, paths: [] });
});

test('an answer keeps the order of the client', async () => {
  const { data } = await ask('{ me { label id: email key org: id } }');
  expect(JSON.stringify(data)).toBe(`{"me":{"label":"User 1","id":"${email}","key":"u1 of ACME","org":"u1"}}`);
});

test('paths of errors have the names of the client', async () => {
  expect(await ask('{ me { friends { id: broken key: org { code: broken } } } }')).toEqual({
    data: { me: { friends: [0, 1].map(() => ({ id: null, key: { code: null } })) } },
    paths: [
      'me.friends.0.id: broken',
      'me.friends.0.key.code: broken',
      'me.friends.1.id: broken',
      'me.friends.1.key.code: broken',
    ],
  });
});

test('a refused field keeps its alias', async () => {
  const { data, paths } = await ask('{ me { id: secret key code: email } }');
  expect({ data, paths }).toEqual({
    data: { me: { id: null, key: 'u1 of ACME', code: email } },
    paths: ['me.id: You must be signed in.'],
  });
});

test('a client may call a variable as the gateway calls that of keys', async () => {
  const query = 'query($representations: Int) { me { comments(limit: $representations) orders } }';
  const answer = { me: { comments: ['a'], ...orders } };
  expect((await ask(query, { representations: 1 })).data).toEqual(answer);
  const { data } = await ask('query($representations: Int = 1) { me { comments(limit: $representations) orders } }');
  expect(data).toEqual(answer);
});

test.each([
  ['search(text: "a\\"b\\n")', { text: 'a"b\n' }],
  ['search(text: null)', { text: null }],
  ['search(sizes: 3)', { sizes: [3] }],
  ['search(sizes: [1, 2])', { sizes: [1, 2] }],
  ['search(input: { text: "x" })', { input: { text: 'x', limit: 5 } }],
  ['search(input: { text: "x", limit: null, level: HIGH })', { input: { text: 'x', limit: null, level: 'HIGH' } }],
  ['search(input: { text: "x", any: { a: [1, true] } })', { input: { text: 'x', limit: 5, any: { a: [1, true] } } }],
  ['search(input: { text: "x", any: "s" })', { input: { text: 'x', limit: 5, any: 's' } }],
])('the literals of %s reach the subgraph', async (field, expected) => {
  const { data } = await ask(`{ ${field} }`);
  expect(JSON.parse((data as { search: string }).search)).toEqual(expected);
});

test('operations that differ in names, white space and literals send one document to a subgraph', async () => {
  sent.length = 0;
  await ask('query A { search(text: "a") }');
  await ask('query B {\n  search(text: "b") ...F } fragment F on Query { search(text: "b") }', {}, 'B');
  await ask('query C { search(text: "c") } query D { me { id } }', {}, 'C');
  expect(sent).toHaveLength(3 * executors.length);
  // The planners write white space differently.
  expect(new Set(sent.map((text) => text.replaceAll(/\s/g, ''))).size).toBe(1);
});

test('a variable of the wrong type is reported with the name that the client gave', async () => {
  const document = parse('query($text: String) { search(text: $text) }');
  const request = { variables: { text: 5 } };
  for (const execute of executors) {
    const context = { viewer: { userId: null }, ip: null };
    const operation = getOperationAST(document);
    const { errors } = await execute({ document, operation, request, queryHash: '', context } as never);
    expect(errors?.map(({ message }) => message)).toEqual([
      expect.stringContaining('Variable "$text" got invalid value 5'),
    ]);
  }
});
