import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createErrorMasking } from '@shop/graphql';
import { createLogger } from '@shop/process';
import { createPipeline } from '../src/gateway.ts';
import type { GatewayConfig } from '../src/index.ts';
import { createRevokedSessions, readSupergraph } from '../src/index.ts';
import { testResolvers } from './resolvers.ts';
import { startSystem, type System } from './system.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])';
const schemas = {
  user: `${link} type Query { whoami: String secret: String @authenticated }`,
  product: `${link} type Query { crash: String @authenticated }`,
  order: `${link} type Query { unused: String }`,
};
const folder = mkdtempSync(path.join(tmpdir(), 'pipeline-'));
const manifest = path.join(folder, 'manifest.json');
writeFileSync(manifest, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations: [] }));
const persistedOperations = { mode: 'enforce' as const, files: [manifest] };

let system: System;
beforeAll(async () => {
  system = await startSystem(
    { ...testResolvers, product: { Query: { crash: () => 'reached' } } },
    { schemas, config: { persistedOperations } },
  );
});
afterAll(async () => {
  await system.close();
  rmSync(folder, { recursive: true });
});

const json = { 'content-type': 'application/json' };
/** With this header, developers' pages may send text that is not in the manifest. */
const freeText = { ...json, 'x-free-text': 'test' };
const aliases = (field: string) => Array.from({ length: 101 }, (_, index) => `a${index}: ${field}`).join(' ');
const query = (text: string) => JSON.stringify({ query: text });

const withNull = (fields: string) =>
  JSON.stringify({ query: `query ($v: Boolean = true) { whoami @include(if: $v) ${fields} }`, variables: { v: null } });

/** Requests that fail at two stages, with the answer of the first stage. */
const requests: [stage: string, before: string, headers: Record<string, string>, body: string, answer: unknown][] = [
  ['authentication', 'size', { ...json, authorization: 'Bearer x' }, 'x'.repeat(2 ** 21), [401, 'UNAUTHENTICATED']],
  ['size', 'content type and CSRF', { 'content-type': 'text/plain' }, 'x'.repeat(2 ** 21), [413, 'BAD_REQUEST']],
  ['content type and CSRF', 'persisted operations', { 'content-type': 'text/plain' }, query('{'), [400, 'BAD_REQUEST']],
  ['persisted operations', 'parsing', json, query('{'), [400, 'QUERY_NOT_IN_SAFELIST']],
  ['parsing', 'validation', freeText, query('{ nothing '), [400, 'GRAPHQL_PARSE_FAILED']],
  [
    'validation',
    'operation name',
    freeText,
    query('query A { nothing } query B { nothing }'),
    [400, 'GRAPHQL_VALIDATION_FAILED'],
  ],
  [
    'operation name',
    'limits',
    freeText,
    query(`query A { ${aliases('whoami')} } query B { whoami }`),
    [400, 'OPERATION_RESOLUTION_FAILURE'],
  ],
  ['limits', 'values of variables', freeText, withNull(aliases('secret')), [400, 'ALIAS_LIMIT_EXCEEDED']],
  ['values of variables', 'access', freeText, withNull('secret'), [400, 'BAD_USER_INPUT']],
  ['access', 'execution', freeText, query('{ crash }'), [200, 'UNAUTHENTICATED']],
];

test.each(requests)('%s comes before %s', async (_stage, _before, headers, body, answer) => {
  system.seen.length = 0;
  const response = await fetch(`${system.gateway.url}/graphql`, { method: 'POST', headers, body });
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  expect([response.status, errors[0]?.extensions.code]).toEqual(answer);
  expect(system.seen).toEqual([]);
});

test('the list of the pipeline has the stages in this order', () => {
  const logger = createLogger({ service: 'test', level: 'silent' });
  const stages = createPipeline({
    config: { persistedOperations, limits: {} } as unknown as GatewayConfig,
    supergraph: readSupergraph('type Query { a: Int }'),
    documentStore: new InMemoryLRUCache(),
    revokedSessions: createRevokedSessions(),
    verifyAccessToken: () => Promise.reject(new Error('unused')),
    rateLimiter: undefined,
    masking: createErrorMasking({ logger, service: 'test' }),
    logger,
  });
  const names = stages.map(({ name }) => name);
  // Some stages cannot be compared: they convert errors of others, or record the answer.
  const converting = ['plannability', 'faults of subgraphs', 'answers to wrong documents', 'masking', 'record'];
  expect(names.filter((name) => !converting.includes(name))).toEqual(requests.map(([stage]) => stage));
});
