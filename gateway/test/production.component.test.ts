import { request } from 'node:http';
import { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

let system: System;
let url: string;
beforeAll(async () => {
  // Any document may be sent, so that each request meets the guard that is meant for it.
  const persistedOperations = { mode: 'off' as const, files: [] };
  system = await startSystem(testResolvers, { config: { isProduction: true, persistedOperations } });
  url = system.gateway.url;
});
afterAll(() => system.close());

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly codes: readonly string[];
}

async function send(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url + path, init);
  const text = await response.text();
  const { errors = [] } = JSON.parse(text) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, text, codes: errors.map(({ extensions }) => extensions.code) };
}

const headers = { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'graphql-cop' };
const post = (body: unknown) => () => send('/graphql', { method: 'POST', headers, body: JSON.stringify(body) });
const ask = (query: string) => post({ query, operationName: 'cop' });
const inUrl = (query: string, method = 'GET') =>
  send(`/graphql?${new URLSearchParams({ query }).toString()}`, { method });
const repeat = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join('');

const circular = 'fields { type { '.repeat(4) + 'name' + ' } }'.repeat(4);

/** The checks of graphql-cop: what it sends, and how it is refused. */
const checks: readonly [check: string, send: () => Promise<Answer>, status: number, code: string][] = [
  [
    'alias overloading',
    ask(`query cop { ${repeat(101, (n) => `alias${n}:__typename \n`)} }`),
    400,
    'ALIAS_LIMIT_EXCEEDED',
  ],
  [
    'array batching',
    post(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }))),
    400,
    'BAD_REQUEST',
  ],
  ['directive overloading', ask(`query cop { __typename ${'@aa'.repeat(10)} }`), 200, 'GRAPHQL_VALIDATION_FAILED'],
  ['circular introspection', ask(`query cop { __schema { types { ${circular} } } }`), 200, 'GRAPHQL_VALIDATION_FAILED'],
  ['field duplication', ask(`query cop { ${'__typename \n'.repeat(500)} }`), 400, 'SELECTION_LIMIT_EXCEEDED'],
  ['field suggestions', ask('query cop { __schema { directive } }'), 200, 'GRAPHQL_VALIDATION_FAILED'],
  ['suggestions of our own fields', ask('query cop { whoam }'), 200, 'GRAPHQL_VALIDATION_FAILED'],
  ['mutations by GET', () => inUrl('mutation cop {__typename}'), 400, 'BAD_REQUEST'],
  ['queries by GET', () => inUrl('query cop {__typename}'), 400, 'BAD_REQUEST'],
  [
    'forms by POST',
    () => send('/graphql', { method: 'POST', body: new URLSearchParams({ query: 'query cop {__typename}' }) }),
    415,
    'BAD_REQUEST',
  ],
  ['a query in the URL by POST', () => inUrl('query cop {__typename}', 'POST'), 400, 'BAD_REQUEST'],
  ['introspection', ask('query cop { __schema { types { name fields { name } } } }'), 200, 'GRAPHQL_VALIDATION_FAILED'],
  ['unhandled errors', ask('qwerty cop { abc }'), 200, 'GRAPHQL_PARSE_FAILED'],
  [
    'circular fragments',
    ask('query cop { ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
    200,
    'GRAPHQL_VALIDATION_FAILED',
  ],
];

test.each(checks)('graphql-cop: %s is refused', async (_check, run, status, code) => {
  const answer = await run();
  expect([answer.status, [...new Set(answer.codes)]]).toEqual([status, [code]]);
  // It counts ten errors as a sign that each directive was checked.
  expect(answer.codes.length).toBeLessThan(10);
  expect(answer.text).not.toMatch(/Did you mean|exception|stacktrace|tracing|"data":\{|whoami/i);
});

test('graphql-cop: an answer has no trace', async () => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'apollo-query-plan-experimental': '1', 'apollo-federation-include-trace': 'ftv1' },
    body: JSON.stringify({ query: 'query cop { __typename whoami }' }),
  });
  expect(await response.json()).toEqual({ data: { __typename: 'Query', whoami: '[null,null,[]]' } });
  const crash = await execute(url, '{ crash }');
  expect(crash.errors?.map(({ extensions }) => Object.keys(extensions).sort())).toEqual([['code', 'requestId']]);
});

test.each(['/graphiql', '/graphiql/index.html', '/playground', '/console', '/graphql', '/'])(
  'graphql-cop: %s has no page',
  async (path) => {
    const response = await fetch(url + path, { headers: { accept: 'text/html' } });
    expect([response.status === 200, response.headers.get('content-type')]).toEqual([
      path === '/',
      'application/json; charset=utf-8',
    ]);
    expect(await response.text()).not.toMatch(/graphiql|playground|sandbox|<html/i);
  },
);

test('introspection is refused however it is written, and __typename is not', async () => {
  const hidden = [
    '{ __type(name: "Query") { name } }',
    '{ a: __schema { queryType { name } } }',
    'query ($yes: Boolean = false) { __schema @include(if: $yes) { queryType { name } } }',
    '{ ...F } fragment F on Query { __schema { queryType { name } } }',
  ];
  for (const query of hidden) {
    const { data, errors } = await execute(url, query);
    expect([data, errors?.[0]?.extensions['code']]).toEqual([undefined, 'GRAPHQL_VALIDATION_FAILED']);
  }
  expect((await execute(url, '{ __typename }')).data).toEqual({ __typename: 'Query' });
});

describe('the request id of a client', () => {
  const newId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
  /** `fetch` does not send headers of every form. */
  const readId = (given: string | string[] | undefined) =>
    new Promise<unknown>((resolve, reject) => {
      request(`${url}/health/live`, given === undefined ? {} : { headers: { 'x-request-id': given } }, (response) => {
        response.resume();
        resolve(response.headers['x-request-id']);
      })
        .on('error', reject)
        .end();
    });

  test.each(['a', 'checkout-42', '0af7651916cd43dd8448eb211c80319c', 'A_b.C-1', 'x'.repeat(128)])(
    '%s is used',
    async (given) => {
      expect(await readId(given)).toBe(given);
    },
  );

  test.each([
    ['is too long', 'x'.repeat(129)],
    ['is empty', ''],
    ['is missing', undefined],
    ['has a space', 'a b'],
    ['has a quote', 'a"b'],
    ['has a colon', 'a:b'],
    ['has markup', '<script>'],
    ['looks like a lookup', '${jndi:ldap://x}'],
    ['has a comma', 'a,b'],
    ['is sent twice', ['first', 'second']],
    ['has letters beyond ASCII', 'caf\u00e9'],
    ['has a tab', 'a\tb'],
  ])('that %s is replaced', async (_what, given) => {
    expect(await readId(given)).toMatch(newId);
  });

  test('is the one that subgraphs and errors get', async () => {
    const { errors, headers } = await execute(url, '{ crash }', { 'x-request-id': 'order.42_a-b' });
    expect([headers.get('x-request-id'), errors?.[0]?.extensions['requestId']]).toEqual([
      'order.42_a-b',
      'order.42_a-b',
    ]);
    const refused = await execute(url, '{ crash }', { 'x-request-id': 'order 42' });
    expect(refused.errors?.[0]?.extensions['requestId']).toMatch(newId);
    expect(system.seen.map((call) => call.headers['x-request-id'])).toContain(
      refused.errors?.[0]?.extensions['requestId'],
    );
    expect(system.seen.map((call) => call.headers['x-request-id'])).not.toContain('order 42');
  });
});
