import { badUserInput, conformingData } from '@shop/graphql';
import { anonymous, createLogger, internalToken } from '@shop/process';
import { createGatewayKey } from '../../test/gateway-key.ts';
import { startSubgraph, type RunningSubgraph } from './start-subgraph.ts';

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])
  type Query {
    thing(id: ID!): Thing
    things(count: Int = 2): [Thing!]!
    any: [Any!]!
    echo(text: String!, number: Float, list: [Kind!]): String!
    crash: String
    lost: String!
    away: String
    wrong: String
    secret: String @authenticated
    large: [String!]!
    request: String!
  }
  type Mutation { count(by: Int!): Int! }
  enum Kind { ROUND FLAT }
  union Any = Thing | Other
  type Other { name: String }
  type Thing @key(fields: "id") { id: ID! name: String broken: String! kind: Kind }
`;

const lines: Record<string, unknown>[] = [];
const logger = createLogger({
  service: 'thing',
  destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
});
let subgraph: RunningSubgraph;
let token: string;
let count = 0;
const thing = (id: string) => ({ __typename: 'Thing', id, name: `thing ${id}`, kind: 'ROUND' });
const failWith = (error: Error) => (): never => {
  throw error;
};

beforeAll(async () => {
  const { signer, verifyToken } = await createGatewayKey('thing');
  token = await signer.sign(anonymous, 'thing');
  subgraph = await startSubgraph<{ id: string }>({
    name: 'thing',
    host: '127.0.0.1',
    port: 0,
    logger,
    typeDefs,
    resolvers: {
      Query: {
        thing: async (_parent: unknown, { id }: { id: string }) => (id === 'none' ? null : thing(id)),
        things: (_parent: unknown, args: { count: number }) =>
          Array.from({ length: args.count }, (_, index) => thing(String(index))),
        any: () => [thing('1'), { __typename: 'Other', name: 'other' }],
        echo: (_parent: unknown, args: object) => JSON.stringify(args),
        crash: failWith(new Error('password is hunter2')),
        lost: failWith(new Error('password is hunter3')),
        away: failWith(Object.assign(new Error('connect 10.0.0.3'), { code: 'ECONNREFUSED' })),
        wrong: failWith(badUserInput('No.')),
        secret: () => 'secret',
        large: () => Array.from({ length: 3_000 }, () => 'a large answer'),
        request: (_parent: unknown, _args: object, context: { id: string }) => context.id,
      },
      Mutation: { count: async (_parent: unknown, { by }: { by: number }) => (count += by) },
      Thing: {
        __resolveReference: async ({ id }: { id: string }) => thing(id),
        broken: (): never => {
          throw new Error('broken');
        },
      },
    },
    verifyToken,
    createContext: ({ requestId }) => ({ id: requestId }),
    readiness: {},
    isUnavailable: (error) => (error as { code?: string }).code === 'ECONNREFUSED',
    maxAnswerBytes: 20_000,
  });
});
afterAll(() => subgraph.close());

async function post(body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${subgraph.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-request-id': 'request-0001',
      [internalToken.header]: token,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const kept = [...answer.headers].filter(
    ([name]) => !['date', 'keep-alive', 'connection', conformingData.header].includes(name),
  );
  return { status: answer.status, headers: Object.fromEntries(kept), text: await answer.text() };
}

const two = 'query One { things { id } } query Two($id: ID!) { thing(id: $id) { name } }';
const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { name } } }';
const echo =
  'query ($text: String!, $number: Float, $list: [Kind!]) { echo(text: $text, number: $number, list: $list) }';
const many = Array.from({ length: 150 }, (_, index) => `a${index}: crash`).join(' ');

/** Bodies that a gateway sends, and others that it should not send. */
const bodies: [string, Record<string, unknown>][] = [
  ['a list', { query: '{ things { id name kind } }' }],
  ['a list with a variable', { query: 'query ($n: Int) { things(count: $n) { id } }', variables: { n: 1 } }],
  ['a default value', { query: 'query ($n: Int) { things(count: $n) { id } }' }],
  ['variables of all kinds', { query: echo, variables: { text: 'é"\u2028', number: 1.5, list: ['FLAT'] } }],
  [
    'directives',
    { query: 'query ($yes: Boolean!) { things @include(if: $yes) { id @skip(if: $yes) } }', variables: { yes: true } },
  ],
  [
    'fragments and aliases',
    { query: '{ a: things { ...F } b: thing(id: 1) { ...F } } fragment F on Thing { x: id ... { name } }' },
  ],
  ['a union', { query: '{ any { __typename ... on Thing { id } ... on Other { name } } }' }],
  ['an absent value', { query: '{ thing(id: "none") { id } }' }],
  [
    'entities',
    {
      query: entities,
      variables: {
        r: [
          { __typename: 'Thing', id: '1' },
          { __typename: 'Thing', id: '2' },
        ],
      },
    },
  ],
  ['an entity of an unknown type', { query: entities, variables: { r: [{ __typename: 'Nothing' }] } }],
  ['the schema', { query: '{ _service { sdl } }' }],
  ['introspection', { query: '{ __schema { queryType { name } } }' }],
  ['the request id in the context', { query: '{ request }' }],
  ['the first of two operations', { query: two, operationName: 'One' }],
  ['the second of two operations', { query: two, operationName: 'Two', variables: { id: 7 } }],
  ['none of two operations', { query: two }],
  ['an unknown operation', { query: two, operationName: 'Three' }],
  ['a bug', { query: '{ things { id } crash }' }],
  ['a bug at a field that must not be null', { query: '{ lost }' }],
  ['a bug in a list', { query: '{ things { id broken } }' }],
  ['more bugs than an answer has', { query: `query Many { ${many} }` }],
  ['an unavailable database', { query: '{ away }' }],
  ['an expected error', { query: '{ wrong }' }],
  ['a field for members', { query: '{ secret }' }],
  ['an answer that is too large', { query: 'query Large { large }' }],
  ['a variable of the wrong type', { query: echo, variables: { text: 1, list: ['SQUARE'] } }],
  ['a missing variable', { query: echo }],
  ['variables that are no object', { query: echo, variables: 'text' }],
  ['variables that are a list', { query: echo, variables: [] }],
  ['an unknown field', { query: '{ nothing }' }],
  ['a mistake in the text', { query: '{' }],
  ['no text', { operationName: 'One' }],
  ['null for a text', { query: null }],
  ['a number for a text', { query: 1 }],
  ['a number for a name', { query: '{ things { id } }', operationName: 1 }],
  ['an empty name', { query: '{ things { id } }', operationName: '' }],
  ['an operation that the schema does not have', { query: 'subscription { things { id } }' }],
];

/** The lines of the log, without times and stacks. */
const logged = () =>
  lines.splice(0).map(({ time: _time, err, ...line }) => {
    const { stack: _stack, ...error } = (err ?? {}) as Record<string, unknown>;
    return { ...line, err: error };
  });

/** With extensions, a request goes through Apollo Server. */
test.each(bodies)('%s has the answer of Apollo Server, to the byte', async (_title, body) => {
  lines.length = 0;
  const expected = await post({ ...body, extensions: {} });
  const expectedLines = logged();
  // The first one is parsed and validated, the second one is kept.
  for (let repeat = 0; repeat < 2; repeat += 1) {
    expect(await post(body)).toEqual(expected);
    expect(logged()).toEqual(expectedLines);
  }
});

const query = { query: '{ things { id } }' };
test.each([
  ['application/json'],
  ['application/graphql-response+json'],
  ['application/graphql-response+json, application/json;q=0.9'],
  ['*/*'],
  ['text/html'],
  ['multipart/mixed'],
])('the answer to a client that accepts %s has the type that Apollo Server chooses', async (accept) => {
  expect(await post(query, { accept })).toEqual(await post({ ...query, extensions: {} }, { accept }));
});

test.each([
  ['text/plain'],
  ['application/graphql'],
  ['application/json; charset=utf-8'],
  ['application/json;charset=UTF-8'],
])('a body of the type %s has the answer of Apollo Server', async (type) => {
  const headers = { 'content-type': type };
  expect(await post(query, headers)).toEqual(await post({ ...query, extensions: {} }, headers));
});

test.each(['[]', 'null', '1', '"text"', '[{"query":"{ things { id } }"}]'])('the body %s is refused', async (body) => {
  const { status, text } = await post(body);
  expect(status).toBe(400);
  expect(JSON.parse(text)).toHaveProperty('errors');
});

test('a mutation runs once, with both ways', async () => {
  const body = { query: 'mutation ($by: Int!) { a: count(by: $by) b: count(by: 10) }', variables: { by: 1 } };
  count = 0;
  expect(JSON.parse((await post(body)).text)).toEqual({ data: { a: 1, b: 11 } });
  expect(JSON.parse((await post({ ...body, extensions: {} })).text)).toEqual({ data: { a: 12, b: 22 } });
  // Refused before anything is done.
  expect((await post({ ...body, variables: { by: 'many' } })).status).toBe(400);
  expect(count).toBe(22);
});

test.each([
  ['{ things { id } }', '1', '{"data":{"things":[{"id":"0"},{"id":"1"}]}}\n'],
  ['{ thing(id: "none") { id } }', '1', '{"data":{"thing":null}}\n'],
  ['mutation { count(by: 0) }', '1', expect.stringMatching(/^\{"data":\{"count":\d+\}\}\n$/)],
  ['{ crash }', null, expect.stringContaining('"errors"')],
  ['{ thing(id: "1") { broken } }', null, expect.stringContaining('"errors"')],
  ['{ secret }', null, expect.stringContaining('"errors"')],
])('%s is answered with the header of conforming data: %s', async (query, header, text) => {
  const answer = await fetch(`${subgraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [internalToken.header]: token },
    body: JSON.stringify({ query }),
  });
  expect(answer.headers.get(conformingData.header)).toBe(header);
  expect(await answer.text()).toEqual(text);
});
