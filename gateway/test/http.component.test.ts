import { connect } from 'node:net';
import { createHash } from 'node:crypto';
import { createSigningKey, signAccessToken } from './keys.ts';
import { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem(testResolvers);
});
afterAll(() => system.close());

const ask = (query: string, headers?: Record<string, string>) => execute(system.gateway.url, query, headers);

describe('errors', () => {
  test('a bug in a subgraph is masked, with the request id in the body, the header and the log', async () => {
    const { data, errors, headers } = await ask('{ crash }');
    const requestId = headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(data).toEqual({ crash: null });
    expect(errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['crash'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
      },
    ]);
    expect(
      system.lines.filter((line) => line['requestId'] === requestId && JSON.stringify(line).includes('hunter2')),
    ).not.toEqual([]);
  });

  test('an expected error of a subgraph is passed on without members that libraries add', async () => {
    const { errors } = await ask('{ refused }');
    expect(errors).toEqual([
      {
        message: 'This needs the scope product:write.',
        path: ['refused'],
        extensions: { code: 'FORBIDDEN', scope: 'product:write' },
      },
    ]);
  });

  test.each([
    ['{', 400, 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['query ($id: ID!) { product(id: $id) { id } }', 400, 'BAD_USER_INPUT'],
    [`{ ${'a: whoami '.repeat(1_001)} }`, 400, 'GRAPHQL_PARSE_FAILED'],
    ['{ priced(amount: 1.5) }', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['{ priced(since: "yesterday") }', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { whoami } query B { whoami }', 400, 'OPERATION_RESOLUTION_FAILURE'],
  ])('a mistake of the client is reported: %s', async (query, status, code) => {
    const answer = await ask(query);
    expect([answer.status, answer.errors?.[0]?.extensions['code']]).toEqual([status, code]);
  });
});

test('scalars are checked before a subgraph is called', async () => {
  const query = 'query ($amount: MinorUnits, $since: DateTime) { priced(amount: $amount, since: $since) }';
  const good = await execute(system.gateway.url, query, {}, { amount: 5, since: '2026-01-31T12:00:00+01:00' });
  expect(good.data).toEqual({ priced: '{"amount":5,"since":"2026-01-31T11:00:00.000Z"}' });
  const bad = await execute(system.gateway.url, query, {}, { amount: '5', since: '2026-02-30T12:00:00Z' });
  expect(bad.status).toBe(400);
  expect(bad.errors?.map(({ message, extensions }) => [message, extensions['code']])).toEqual([
    [
      expect.stringMatching(/^Variable "\$amount" got invalid value "5"; MinorUnits must be a whole number/),
      'BAD_USER_INPUT',
    ],
    [expect.stringMatching(/^Variable "\$since" got invalid value.* RFC 3339/), 'BAD_USER_INPUT'],
  ]);
});

describe('a request', () => {
  const post = async (body: string, contentType = 'application/json') => {
    const answer = await fetch(`${system.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
    });
    return [
      answer.status,
      answer.headers.get('content-type'),
      ((await answer.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code,
    ];
  };
  const json = 'application/json; charset=utf-8';

  test('with malformed JSON gets an answer in JSON', async () => {
    expect(await post('{"query":')).toEqual([400, json, 'BAD_REQUEST']);
    expect(await post('"x"')).toEqual([400, json, 'BAD_REQUEST']);
    expect(await post('[{"query":"{ whoami }"}]')).toEqual([400, json, 'BAD_REQUEST']);
    expect(await post('{}')).toEqual([400, json, 'BAD_REQUEST']);
  });

  test('that is too large or has another content type gets an answer in JSON', async () => {
    expect(await post(JSON.stringify({ query: 'x'.repeat(1024 * 1024) }))).toEqual([413, json, 'BAD_REQUEST']);
    expect(await post('<a/>', 'text/xml')).toEqual([415, json, 'BAD_REQUEST']);
  });

  test('that a form on another site could send is rejected', async () => {
    expect(await post(JSON.stringify({ query: '{ whoami }' }), 'text/plain')).toEqual([400, json, 'BAD_REQUEST']);
    const answer = await fetch(`${system.gateway.url}/graphql?query={whoami}`);
    expect(answer.status).toBe(400);
  });

  test('by GET can execute queries but not mutations', async () => {
    const get = (query: string) =>
      fetch(`${system.gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { 'apollo-require-preflight': 'true' },
      });
    expect(await (await get('{ whoami }')).json()).toEqual({ data: { whoami: '[null,null,[]]' } });
    expect((await get('mutation { placeOrder { id } }')).status).toBe(405);
  });

  test('with a malformed host header is rejected with 400', async () => {
    const { port } = new URL(system.gateway.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(
          'POST /graphql HTTP/1.1\r\nHost: [\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
        ),
      );
      let text = '';
      socket
        .on('data', (chunk) => (text += String(chunk)))
        .on('end', () => resolve(text))
        .on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 400/);
  });

  test('by the hash of a query is rejected without an error in the log', async () => {
    system.lines.length = 0;
    const sha256Hash = createHash('sha256').update('{ whoami }').digest('hex');
    const send = async (persistedQuery: unknown, query?: string) => {
      const body = JSON.stringify({ query, extensions: { persistedQuery } });
      const answer = await fetch(`${system.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      return ((await answer.json()) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code;
    };
    for (const persistedQuery of [
      { version: 1, sha256Hash },
      { version: 1, sha256Hash: 'wrong' },
      { version: 7 },
      'x',
    ]) {
      expect(await send(persistedQuery)).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
      expect(await send(persistedQuery, '{ whoami }')).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
    }
    expect(system.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test.each(['DELETE', 'PATCH', 'PUT'])('by %s gets 405 with the supported methods', async (method) => {
    const answer = await fetch(`${system.gateway.url}/graphql`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] });
  });
});

test('a browser gets Apollo Sandbox with a first operation', async () => {
  const answer = await fetch(`${system.gateway.url}/graphql`, { headers: { accept: 'text/html' } });
  const html = await answer.text();
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html']);
  expect(html).toContain('EmbeddedSandbox');
  expect(html).toContain('query Products');
  // The page shows this link when Sandbox cannot be loaded.
  expect(html).toContain('<a href="/graphiql">GraphiQL</a>');
});

test('production has neither Sandbox nor introspection nor suggestions', async () => {
  const production = await startSystem(testResolvers, { config: { isProduction: true } });
  const page = await fetch(`${production.gateway.url}/graphql`, { headers: { accept: 'text/html' } });
  const introspection = await execute(production.gateway.url, '{ __schema { queryType { name } } }');
  const mistake = await execute(production.gateway.url, '{ whoam }');
  await production.close();
  expect(await page.text()).not.toContain('Sandbox');
  expect(introspection.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  expect(JSON.stringify(mistake.errors)).not.toContain('whoami');
});

describe('the root', () => {
  const getRoot = (url: string, accept: string) => fetch(url, { headers: { accept }, redirect: 'manual' });
  const browser = 'text/html,application/xhtml+xml,*/*;q=0.8';

  test('sends a browser to GraphiQL', async () => {
    const answer = await getRoot(`${system.gateway.url}/`, browser);
    expect([answer.status, answer.headers.get('location'), answer.headers.get('vary')]).toEqual([
      302,
      '/graphiql',
      'accept',
    ]);
  });

  test('describes the API to other clients', async () => {
    const answer = await getRoot(`${system.gateway.url}/`, '*/*');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        name: 'federated-commerce',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown,
        endpoints: {
          graphql: '/graphql',
          graphiql: '/graphiql',
          health: '/health',
          live: '/health/live',
          ready: '/health/ready',
          jwks: '/.well-known/jwks.json',
        },
      },
    ]);
  });

  test('describes the API to browsers in production, and has no GraphiQL there', async () => {
    const production = await startSystem(testResolvers, { config: { isProduction: true } });
    const answer = await getRoot(`${production.gateway.url}/`, browser);
    const text = await answer.text();
    await production.close();
    expect(answer.status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ endpoints: { graphql: '/graphql' } });
    expect(text).not.toContain('graphiql');
  });
});

test('introspection works in development', async () => {
  expect((await ask('{ __schema { queryType { name } } }')).data).toEqual({
    __schema: { queryType: { name: 'Query' } },
  });
});

describe('health', () => {
  const health = async (url: string, path: string) => {
    const answer = await fetch(url + path);
    return [answer.status, await answer.json()];
  };

  test('is ok while all subgraphs are ready', async () => {
    const up = { status: 'up' };
    expect(await health(system.gateway.url, '/health')).toEqual([
      200,
      { status: 'ok', subgraphs: { user: up, product: up, order: up } },
    ]);
    expect(await health(system.gateway.url, '/health/ready')).toEqual([
      200,
      { status: 'ready', checks: { supergraph: up } },
    ]);
    expect(await health(system.gateway.url, '/health/live')).toEqual([200, { status: 'live' }]);
  });

  test('names overdue work to everybody, and tells operators how much there is', async () => {
    const late = await startSystem(testResolvers, { overdue: { order: { 'pending orders': 3 } } });
    try {
      const read = async (scope?: string) => {
        const headers =
          scope === undefined ? {} : { authorization: `Bearer ${await signAccessToken(late.accessKey, { scope })}` };
        const answer = await fetch(`${late.gateway.url}/health`, { headers });
        return ((await answer.json()) as { subgraphs: { order: unknown } }).subgraphs.order;
      };
      // The order subgraph does not know the gateway's clock before the first call, and so refuses its tokens.
      await execute(late.gateway.url, '{ order(id: "1") { id } }');
      const named = { status: 'up', behind: ['pending orders'] };
      expect(await read()).toEqual(named);
      expect(await read('order:read order:write')).toEqual(named);
      expect(await read('order:read ops:write')).toEqual({ ...named, overdue: { 'pending orders': 3 } });
      expect(await read()).toEqual(named);
      const forged = { authorization: `Bearer ${await signAccessToken(await createSigningKey('access-1'), {})}` };
      expect((await fetch(`${late.gateway.url}/health`, { headers: forged })).status).toBe(401);
    } finally {
      await late.close();
    }
  });

  test('the gateway starts without any subgraph, and answers queries that need none', async () => {
    const alone = await startSystem(testResolvers, { running: [], config: { subgraphWaitMs: 0 } });
    const { url } = alone.gateway;
    const down = { status: 'down' };
    expect(await health(url, '/health')).toEqual([
      200,
      { status: 'degraded', subgraphs: { user: down, product: down, order: down } },
    ]);
    expect((await health(url, '/health/ready'))[0]).toBe(200);
    expect((await execute(url, '{ __typename }')).data).toEqual({ __typename: 'Query' });
    expect((await health(url, '/.well-known/jwks.json'))[0]).toBe(503);
    await alone.close();
  });
});
