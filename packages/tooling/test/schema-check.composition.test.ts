import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serviceNames } from '@shop/contracts';
import { checkSchema, describeSchemaCheck, NothingToCompareError } from '@shop/tooling';
import { generate } from '../src/generate/generate.ts';

const files = [
  '.oxfmtrc.json',
  'supergraph.yaml',
  'gateway/supergraph.graphql',
  'clients/operations',
  ...serviceNames.map((name) => `subgraphs/${name}/schema.graphql`),
];
const identity = [
  '-c',
  'user.name=Test',
  '-c',
  'user.email=test@example.com',
  '-c',
  'commit.gpgsign=false',
  '-c',
  'core.hooksPath=/dev/null',
];

let repository: string;
function git(...args: string[]): void {
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: repository, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
function commit(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}
async function check(base?: string, options: { strict?: boolean } = {}) {
  const result = await checkSchema({ root: repository, base, ...options });
  return { verdict: result.verdict, text: describeSchemaCheck(result).join('\n') };
}

function change(file: string, from: string | RegExp, to: string): void {
  const target = path.join(repository, file);
  const before = readFileSync(target, 'utf8');
  writeFileSync(target, before.replace(from, to));
  expect(before).not.toBe(readFileSync(target, 'utf8'));
}
/** Plants a change in a subgraph's schema, and composes. */
async function plant(name: string, from: string | RegExp, to: string): Promise<void> {
  change(`subgraphs/${name}/schema.graphql`, from, to);
  expect(await generate({ root: repository, only: ['supergraph'] })).toEqual(['gateway/supergraph.graphql']);
}

beforeEach(() => {
  repository = mkdtempSync(path.join(tmpdir(), 'schema-check-'));
  for (const file of files) cpSync(file, path.join(repository, file), { recursive: true });
  writeFileSync(path.join(repository, '.gitignore'), '.cache\n');
  git('init', '--quiet', '--initial-branch=main');
  commit('First');
});
afterEach(() => rmSync(repository, { recursive: true, force: true }));

test('reports no change when the schemas are the same', async () => {
  const { verdict, text } = await check();
  expect(verdict).toBe('passed');
  expect(text).toMatch(/^The schema that clients see: as in main \(\w+\)\nSubgraph user: as in main/);
});

test('names the operations that use a removed field, each with its file', async () => {
  await plant('order', /  "Given when the order was shipped\."\n  trackingNumber: String\n/, '');
  const { verdict, text } = await check();
  expect(verdict).toBe('failed');
  expect(text).toMatch(
    /breaking +Field 'trackingNumber' was removed from object type 'Order'\n +breaks \w+ \(clients\/operations\/[\w-]+\.graphql\)/,
  );
  expect(text).toContain('breaks OrderPage (clients/operations/orders.graphql)');
  expect(text).not.toContain('breaks ProductPage');
  expect(text).toMatch(/OrderPage .* is not valid any more: Cannot query field "trackingNumber"/);
});

test('names operations as they were at the revision, since clients that were built then still send them', async () => {
  await plant('order', /  "Given when the order was shipped\."\n  trackingNumber: String\n/, '');
  change('clients/operations/fragments.graphql', /  trackingNumber\n/, '');
  const { verdict, text } = await check();
  expect(verdict).toBe('failed');
  expect(text).toContain('breaks OrderPage as it was (clients/operations/orders.graphql)');
});

test.each([
  [
    'a new required argument',
    'product',
    'product(id: ID!): Product',
    'product(id: ID!, version: Int!): Product',
    'ProductPage',
  ],
  [
    'a new required field of an input',
    'order',
    'input CancelOrderInput {',
    'input CancelOrderInput {\n  "Why."\n  why: String!',
    'CancelOrder',
  ],
  [
    'a removed value of an input',
    'product',
    '  "As in a dictionary of no particular language; numbers by their value."\n  NAME\n',
    '',
    'SearchProducts',
  ],
  [
    'a field that may be null',
    'order',
    'total: Money!\n  shippingAddress',
    'total: Money\n  shippingAddress',
    'MyOrders',
  ],
  ['a removed member of a result', 'order', ' | PriceChanged', '', 'PlaceOrder'],
])('names the operations that break by %s', async (_what, subgraph, from, to, operation) => {
  await plant(subgraph, from, to);
  const { verdict, text } = await check('main');
  expect({ verdict, text }).toMatchObject({
    verdict: 'failed',
    text: expect.stringContaining(`breaks ${operation} (`) as unknown,
  });
});

test('passes a breaking change that no operation uses, unless it is strict', async () => {
  await plant('order', /type Query \{/, 'type Query {\n  "Not used."\n  unused: String\n');
  commit('A field that nobody uses');
  await plant('order', /  "Not used\."\n  unused: String\n/, '');
  const { verdict, text } = await check('HEAD');
  expect(verdict).toBe('passed');
  expect(text).toContain("Field 'unused' was removed from object type 'Query'\n");
  expect(text).toMatch(/\nNo operation of clients\/operations uses what breaks\. Other clients may use it\.$/);
  expect((await check('HEAD', { strict: true })).verdict).toBe('failed');
});

test('reports additions as safe, and a newly required scope', async () => {
  await plant(
    'product',
    'categories: [Category!]!',
    'categories: [Category!]! @requiresScopes(scopes: [["product:read"]])',
  );
  await plant('product', 'type Query {', 'type Query {\n  "More."\n  more: String\n');
  const { verdict, text } = await check();
  expect(verdict).toBe('passed');
  expect(text).toContain("safe       Field 'more' was added to object type 'Query'");
  expect(text).toMatch(/Subgraph product, against main [\s\S]*requiresScopes/);
  expect(text).not.toContain('No operation');
});

test('rejects an unknown revision, and one without the schema', async () => {
  await expect(check('nowhere')).rejects.toThrow('There is no revision "nowhere" in this repository.');
  await expect(check('--output=/tmp/x')).rejects.toThrow('There is no revision "--output=/tmp/x"');
  git('rm', '--quiet', '--cached', 'gateway/supergraph.graphql');
  git('commit', '--quiet', '--message', 'Without it');
  await expect(check('HEAD')).rejects.toThrow(
    new NothingToCompareError('The revision HEAD has no gateway/supergraph.graphql to compare with.'),
  );
});

test('is skipped with a reason when there is no revision to compare with', async () => {
  git('branch', '--move', 'first');
  expect(await check()).toEqual({
    verdict: 'skipped',
    text: 'There is no revision to compare with: neither origin/main, main nor HEAD~1. Skipped.',
  });
  rmSync(path.join(repository, '.git'), { recursive: true });
  expect(await check()).toMatchObject({
    verdict: 'skipped',
    text: expect.stringContaining('not a git repository') as unknown,
  });
  await expect(check('main')).rejects.toThrow('not a git repository');
});
