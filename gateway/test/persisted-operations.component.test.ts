import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { testResolvers } from './resolvers.ts';
import { startSystem, type GraphQLAnswer, type System } from './system.ts';

const sha = (body: string) => createHash('sha256').update(body).digest('hex');
const bodies = {
  Who: 'query Who{whoami}',
  Find: 'query Find($id:ID!){product(id:$id){id name}}',
  Place: 'mutation Place{placeOrder{id}}',
  Gone: 'query Gone{gone}',
};
let directory: string;
let file: string;
const systems: System[] = [];
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'manifests-'));
  file = path.join(directory, 'operations.json');
  const operations = Object.entries(bodies).map(([name, body]) => ({
    id: sha(body),
    name,
    type: body.split(' ')[0],
    body,
  }));
  writeFileSync(file, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }));
});
afterAll(async () => {
  await Promise.all(systems.map((system) => system.close()));
  rmSync(directory, { recursive: true, force: true });
});

async function start(mode: 'off' | 'log' | 'enforce', isProduction = true): Promise<System> {
  const system = await startSystem(testResolvers, {
    config: { isProduction, persistedOperations: { mode, files: [file] } },
  });
  systems.push(system);
  return system;
}

type Request = { query?: unknown; operationName?: string; variables?: object; extensions?: unknown };
const byId = (body: string): Request => ({ extensions: { persistedQuery: { version: 1, sha256Hash: sha(body) } } });

async function post({ gateway }: System, request: Request, headers = {}): Promise<GraphQLAnswer> {
  const answer = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  return { status: answer.status, headers: answer.headers, ...((await answer.json()) as object) };
}

async function get({ gateway }: System, request: Request): Promise<GraphQLAnswer> {
  const search = new URLSearchParams(
    Object.fromEntries(
      Object.entries(request).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
  );
  const answer = await fetch(`${gateway.url}/graphql?${search}`, { headers: { 'apollo-require-preflight': 'true' } });
  return { status: answer.status, headers: answer.headers, ...((await answer.json()) as object) };
}

const outcome = ({ status, data, errors }: GraphQLAnswer) =>
  errors === undefined ? data : [status, errors[0]?.extensions['code']];
const who = { whoami: '[null,null,[]]' };

describe('enforced', () => {
  let system: System;
  beforeAll(async () => {
    system = await start('enforce');
  });

  test.each([
    ['POST', post],
    ['GET', get],
  ] as const)('by %s, operations of the manifest are served by id, text, or both', async (_method, send) => {
    expect(outcome(await send(system, byId(bodies.Who)))).toEqual(who);
    expect(outcome(await send(system, { query: bodies.Who }))).toEqual(who);
    expect(outcome(await send(system, { query: bodies.Who, ...byId(bodies.Who) }))).toEqual(who);
    expect(outcome(await send(system, { ...byId(bodies.Find), variables: { id: '7' } }))).toEqual({
      product: { id: '7', name: 'Product 7' },
    });
    expect(outcome(await send(system, byId(bodies.Find)))).toEqual([400, 'BAD_USER_INPUT']);
  });

  test.each([
    ['POST', post],
    ['GET', get],
  ] as const)('by %s, other operations are rejected before they reach a subgraph', async (_method, send) => {
    system.seen.length = 0;
    const other = '{ whoami }';
    const refusal = await send(system, { query: other });
    expect(outcome(refusal)).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
    expect(refusal.errors?.[0]?.message).toMatch(/persisted operations only\. Send extensions\.persistedQuery/);
    expect(outcome(await send(system, byId(other)))).toEqual([400, 'PERSISTED_QUERY_NOT_IN_LIST']);
    // As with automatic persisted queries: first the text with its id, then the id alone.
    expect(outcome(await send(system, { query: other, ...byId(other) }))).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
    expect(outcome(await send(system, byId(other)))).toEqual([400, 'PERSISTED_QUERY_NOT_IN_LIST']);
    expect(outcome(await send(system, { query: other, ...byId(bodies.Who) }))).toEqual([400, 'BAD_REQUEST']);
    expect(outcome(await send(system, { query: `${bodies.Who} ` }))).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
    expect(outcome(await send(system, { query: other, operationName: 'Who' }))).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
    expect(outcome(await send(system, { query: '{'.repeat(50) }))).toEqual([400, 'QUERY_NOT_IN_SAFELIST']);
    expect(outcome(await send(system, { query: '{ __schema { queryType { name } } }' }))).toEqual([
      400,
      'QUERY_NOT_IN_SAFELIST',
    ]);
    expect(system.seen).toEqual([]);
  });

  test.each([
    ['a'.repeat(10_000)],
    ['__proto__'],
    ['constructor'],
    [''],
    [7],
    [null],
    [[sha(bodies.Who)]],
    [{ toString: null }],
  ])('an id %j is a bad request', async (sha256Hash) => {
    system.lines.length = 0;
    for (const send of [post, get]) {
      for (const query of [undefined, bodies.Who]) {
        const answer = await send(system, {
          ...(query ? { query } : {}),
          extensions: { persistedQuery: { version: 1, sha256Hash } },
        });
        expect(outcome(answer)).toEqual([400, 'BAD_REQUEST']);
      }
    }
    expect(system.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('a request with neither text nor id is rejected', async () => {
    expect(outcome(await post(system, { extensions: {} }))).toEqual([400, 'BAD_REQUEST']);
    expect(outcome(await post(system, { operationName: 'Who' }))).toEqual([400, 'BAD_REQUEST']);
  });

  test('a mutation is not executed by GET', async () => {
    expect((await get(system, byId(bodies.Place))).status).toBe(405);
    expect(outcome(await post(system, byId(bodies.Place)))).toEqual({ placeOrder: { id: '1' } });
  });

  test('production ignores the header of the developers’ pages', async () => {
    expect(outcome(await post(system, { query: '{ whoami }' }, { 'x-free-text': '1' }))).toEqual([
      400,
      'QUERY_NOT_IN_SAFELIST',
    ]);
  });

  test('an invalid operation is logged at the start, and its errors are returned to the client', async () => {
    const fresh = await start('enforce');
    expect(fresh.lines.filter(({ operation }) => operation === 'Gone')).toMatchObject([
      { level: 'warn', msg: 'a persisted operation is not valid for the schema' },
    ]);
    expect(outcome(await post(fresh, byId(bodies.Gone)))).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });

  test('the tools of developers work in development', async () => {
    const development = await start('enforce', false);
    expect(outcome(await post(development, { query: '{ __schema { queryType { name } } }' }))).toEqual({
      __schema: { queryType: { name: 'Query' } },
    });
    expect(outcome(await post(development, { query: '{ whoami __schema { queryType { name } } }' }))).toEqual([
      400,
      'QUERY_NOT_IN_SAFELIST',
    ]);
    expect(outcome(await post(development, { query: '{ whoami }' }, { 'x-free-text': '1' }))).toEqual(who);
  });
});

test('in mode log every operation is served, and unlisted ones are logged once', async () => {
  const system = await start('log');
  system.lines.length = 0;
  const other = 'query Other { whoami }';
  for (const send of [post, get, post]) {
    expect(outcome(await send(system, { query: other }))).toEqual(who);
    expect(outcome(await send(system, { query: other, ...byId(other) }))).toEqual(who);
    expect(outcome(await send(system, byId(bodies.Who)))).toEqual(who);
    // The gateway asks for the text each time, because it does not keep texts of clients.
    expect(outcome(await send(system, byId(other)))).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
  }
  expect(system.lines.filter(({ level }) => level === 'warn')).toMatchObject([
    { id: sha(other), operationName: 'Other' },
  ]);
});

test('in mode off ids are not supported', async () => {
  const system = await start('off');
  expect(outcome(await post(system, byId(bodies.Who)))).toEqual([200, 'PERSISTED_QUERY_NOT_SUPPORTED']);
  expect(outcome(await post(system, { query: '{ whoami }' }))).toEqual(who);
});

test('an unusable manifest prevents the start, and the error names it', async () => {
  const broken = path.join(directory, 'broken.json');
  writeFileSync(broken, '{');
  await expect(
    startSystem(testResolvers, {
      running: [],
      config: { persistedOperations: { mode: 'log', files: [file, broken] } },
    }),
  ).rejects.toThrow(`PERSISTED_OPERATIONS_FILE: ${broken} cannot be used: the file is not JSON`);
});
