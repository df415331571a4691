import { auditServer } from 'graphql-http';
import { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem(testResolvers);
});
afterAll(() => system.close());

/** Requests by GET that the prevention of CSRF refuses: a plain link of another site could cause them. */
const refusedByCsrfPrevention = ['5A70', 'D6D5', '6A70'];

test('the HTTP audit of graphql-http finds nothing but GETs that a plain link could cause', async () => {
  const results = await auditServer({ url: `${system.gateway.url}/graphql` });
  const count = (word: string) => results.filter(({ name }) => name.startsWith(word)).length;
  expect([count('MUST'), count('SHOULD'), count('MAY')]).toEqual([13, 23, 25]);
  const failed = results.filter(({ status }) => status !== 'ok').map(({ id }) => id);
  expect(failed.sort()).toEqual([...refusedByCsrfPrevention].sort());
});

const answer = async (body: object, accept = '*/*') => {
  const response = await fetch(`${system.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
  });
  const { data, errors = [] } = (await response.json()) as {
    data?: unknown;
    errors?: { message: string; extensions: { code: string } }[];
  };
  return { status: response.status, data, codes: errors.map(({ extensions }) => extensions.code), errors };
};

test.each([
  ['application/json', 200],
  ['application/json; charset=utf-8, text/html', 200],
  ['application/graphql-response+json', 400],
  ['application/graphql-response+json, application/json;q=0.9', 400],
  ['*/*', 400],
])('to a client that accepts %s, a wrong document is answered with %i', async (accept, status) => {
  expect(await answer({ query: '{ nothing }' }, accept)).toMatchObject({
    status,
    codes: ['GRAPHQL_VALIDATION_FAILED'],
  });
});

test('an operation that exceeds a limit has status 400 whatever the client accepts', async () => {
  const query = `{ ${Array.from({ length: 101 }, (_, n) => `a${n}: whoami`).join(' ')} }`;
  expect(await answer({ query }, 'application/json')).toMatchObject({ status: 400, codes: ['ALIAS_LIMIT_EXCEEDED'] });
});

test.each(['', null, undefined])('an operationName of %j names no operation', async (operationName) => {
  expect(await answer({ query: '{ __typename }', operationName })).toMatchObject({
    status: 200,
    data: { __typename: 'Query' },
  });
  expect(await answer({ query: 'query A { __typename } query B { whoami }', operationName })).toMatchObject({
    status: 400,
    codes: ['OPERATION_RESOLUTION_FAILURE'],
  });
});

test.each(['subscription { x }', 'subscription S($n: String) { x(n: $n) { y } }'])(
  'an operation of a type that the schema does not have is a mistake of the client: %s',
  async (query) => {
    const { status, errors } = await answer({ query });
    expect([status, errors[0]]).toMatchObject([
      400,
      { message: 'The schema has no operations of the type subscription.' },
    ]);
  },
);

describe('a null variable where a value is needed', () => {
  test.each([
    ['query ($v: Boolean = true) { whoami @include(if: $v) }', 'if'],
    ['query ($v: Boolean = false) { ...F @skip(if: $v) } fragment F on Query { whoami }', 'if'],
    ['query ($v: Boolean = true) { ... @include(if: $v) { whoami } }', 'if'],
    [
      'query ($v: Boolean = true) { ...F } fragment F on Query { ...G } fragment G on Query { whoami @include(if: $v) }',
      'if',
    ],
  ])('is a mistake of the client: %s', async (query, place) => {
    const { status, errors } = await answer({ query, variables: { v: null } });
    expect([status, errors]).toMatchObject([
      400,
      [{ message: `Variable "$v" is null, and "${place}" needs a value.`, extensions: { code: 'BAD_USER_INPUT' } }],
    ]);
    expect(await answer({ query })).toMatchObject({ status: 200, codes: [] });
  });

  test('is allowed where null is', async () => {
    const query = 'query ($v: MinorUnits) { priced(amount: $v) }';
    expect(await answer({ query, variables: { v: null } })).toMatchObject({ status: 200, codes: [] });
  });
});

describe('hostile documents', () => {
  test('directives that do not exist are answered with few errors', async () => {
    const { status, codes, errors } = await answer({ query: `{ __typename ${'@aa'.repeat(500)} }` });
    expect(status).toBe(400);
    expect(codes).toHaveLength(6);
    expect(errors.at(-1)?.message).toMatch(
      /^The document does not match the schema\. 9\d more errors were left out\.$/,
    );
  });

  test('equal fields are refused', async () => {
    const repeated = (count: number) => ({ query: `{ ${'__typename '.repeat(count)} }` });
    expect(await answer(repeated(500))).toMatchObject({ status: 400, codes: ['SELECTION_LIMIT_EXCEEDED'] });
    expect(await answer(repeated(50))).toMatchObject({ status: 200, codes: [] });
    const nested = { query: `{ product(id: "1") { ${'id '.repeat(51)} } }` };
    expect(await answer(nested)).toMatchObject({ status: 400, codes: ['SELECTION_LIMIT_EXCEEDED'] });
  });

  test('variables that no document can have are refused', async () => {
    const variables = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`v${n}`, n]));
    expect(await answer({ query: '{ __typename }', variables: variables(60_000) })).toMatchObject({
      status: 400,
      codes: ['BAD_USER_INPUT'],
    });
    expect(await answer({ query: '{ __typename }', variables: variables(500) })).toMatchObject({ status: 200 });
  });

  test('deeply nested JSON is refused before it is parsed', async () => {
    const nested = (depth: number) =>
      fetch(`${system.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`,
      });
    const refused = await nested(500_000);
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    ]);
    expect((await nested(60)).status).toBe(200);
  });

  test('arrays of operations, forms and GETs that a plain link can cause are refused', async () => {
    const { url } = system.gateway;
    const batch = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' }))),
    });
    const form = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'query=%7B__typename%7D',
    });
    const link = await fetch(`${url}/graphql?query=%7B__typename%7D`);
    const mutation = await fetch(`${url}/graphql?query=mutation%7BplaceOrder%7Bid%7D%7D`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect([batch, form, link, mutation].map(({ status }) => status)).toEqual([400, 415, 400, 405]);
  });
});

test('an error of a subgraph is never taken for a mistake of the client', async () => {
  const { status, errors } = await execute(system.gateway.url, '{ crash }', { accept: 'application/json' });
  expect([status, errors?.[0]?.extensions['code']]).toEqual([200, 'INTERNAL_SERVER_ERROR']);
});
