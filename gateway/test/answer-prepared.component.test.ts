import { whyNotWithStockEngine } from '@shop/testing/config';
import { testResolvers } from './resolvers.ts';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem(testResolvers, { config: { rateLimit: { points: 100_000 } } });
});
afterAll(() => system.close());

/** Requests that the short way answers. */
const short: [name: string, body: unknown, accept: string][] = [
  ['a query', { query: '{ whoami }' }, 'application/json'],
  ['any type of the answer', { query: '{ whoami a: whoami }' }, '*/*'],
  ['a name', { query: 'query A { whoami } query B { __typename }', operationName: 'B' }, 'application/json'],
  ['an empty name', { query: 'query C { whoami }', operationName: '' }, 'application/json'],
  [
    'variables',
    { query: 'query ($s: Boolean!) { whoami @skip(if: $s) __typename }', variables: { s: true } },
    'application/json',
  ],
  ['no variables', { query: '{ whoami b: whoami }', variables: null, extensions: null }, 'application/json'],
  ['introspection', { query: '{ __schema { queryType { name } } whoami }' }, 'application/json'],
  ['errors of a subgraph', { query: '{ whoami crash refused }' }, 'application/json'],
  ['a mutation', { query: 'mutation { placeOrder { id } }' }, 'application/json'],
  ['several subgraphs', { query: '{ order(id: "1") { items { sku product { name } } } }' }, 'application/json'],
  ['GraphQL’s own type', { query: '{ whoami c: whoami }' }, 'application/graphql-response+json'],
  ['both types', { query: '{ whoami d: whoami }' }, 'application/graphql-response+json, application/json'],
];

/** Requests that Apollo Server answers each time. */
const long: [name: string, body: unknown, accept: string][] = [
  ['a document that is wrong', { query: '{ nothing }' }, 'application/json'],
  ['a document that cannot be read', { query: '{ whoami ' }, 'application/json'],
  [
    'a variable of the wrong type',
    { query: 'query ($s: Boolean!) { c: whoami @skip(if: $s) }', variables: { s: 1 } },
    'application/json',
  ],
  [
    'an operation that is not there',
    { query: 'query D { whoami } query E { whoami }', operationName: 'F' },
    'application/json',
  ],
  [
    'an operation that is too large',
    { query: `{ ${Array.from({ length: 101 }, (_, n) => `a${n}: whoami`).join(' ')} }` },
    'application/json',
  ],
  ['a list of operations', [{ query: '{ whoami }' }], 'application/json'],
  ['a text in place of variables', { query: '{ whoami }', variables: 'x' }, 'application/json'],
  ['another type of the answer', { query: '{ whoami e: whoami }' }, 'text/html'],
  [
    'an id without a manifest',
    { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
    'application/json',
  ],
];

/** The headers that differ between two answers. */
const changing = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset'];

/** The short way takes no other URL. */
const urls = { short: '/graphql', long: '/graphql?long' };

async function send(body: unknown, accept: string, way: keyof typeof urls = 'short') {
  const response = await fetch(`${system.gateway.url}${urls[way]}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
  });
  const headers = [...response.headers].filter(([name]) => !changing.includes(name));
  const text = await response.text();
  return { status: response.status, headers, body: text.replace(/"requestId":"[^"]+"/g, '"requestId":""') };
}

/** The documents that the short way has read, and those that it has found. */
async function countLookups() {
  const { text } = await system.metrics.scrape();
  const count = (result: string): number =>
    Number(new RegExp(`document_lookups_total\\{result="${result}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  return { new: count('new'), prepared: count('prepared') };
}

async function readRemaining(): Promise<number> {
  const response = await fetch(`${system.gateway.url}/graphql?query={__typename}`, {
    headers: { 'apollo-require-preflight': 'x' },
  });
  return Number(response.headers.get('ratelimit-remaining'));
}

/** The stock engine has no short way. */
const reason = whyNotWithStockEngine();
const ownTest = reason === null ? test : test.skip;
const title = reason === null ? '' : ` (skipped: ${reason})`;

ownTest.each(short)(`%s: the short way answers as the long one${title}`, async (_name, body, accept) => {
  const before = await countLookups();
  system.seen.length = 0;
  const byApollo = await send(body, accept, 'long');
  const calls = system.seen.splice(0).map(({ query }) => query);
  expect(await countLookups()).toEqual(before);
  expect(await send(body, accept)).toEqual(byApollo);
  expect(await countLookups()).toEqual({ ...before, prepared: before.prepared + 1 });
  // Each way executes the operation once.
  expect(system.seen.splice(0).map(({ query }) => query)).toEqual(calls);
  // A comment makes it another document.
  const { query } = body as { query: string };
  expect(await send({ ...(body as object), query: `${query} # new` }, accept)).toEqual(byApollo);
  expect(await countLookups()).toEqual({ new: before.new + 1, prepared: before.prepared + 1 });
  expect(system.seen.map((call) => call.query)).toEqual(calls);
  expect(byApollo.status).toBe(200);
});

test.each(long)('%s: Apollo Server answers each time', async (_name, body, accept) => {
  const first = await send(body, accept);
  expect(await send(body, accept)).toEqual(first);
  expect(await send(body, accept, 'long')).toEqual(first);
  expect(first.status).toBeGreaterThanOrEqual(200);
});

test('a request is charged once, whichever way it takes', async () => {
  const refused = { query: 'query ($s: Boolean!) { f: whoami @skip(if: $s) }', variables: { s: 1 } };
  await send({ ...refused, variables: { s: true } }, 'application/json');
  const before = await readRemaining();
  await send(refused, 'application/json');
  await send({ query: '{ whoami }' }, 'application/json');
  // Two operations of one point each, and the question itself.
  expect(before - (await readRemaining())).toBe(3);
});
