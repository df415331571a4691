import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const files = [
  'supergraph.yaml',
  'gateway/supergraph.graphql',
  'clients/operations',
  ...['user', 'product', 'order'].map((name) => `subgraphs/${name}/schema.graphql`),
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
function run(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve('scripts', script), ...args], {
    cwd: repository,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const check = (...args: string[]) => run('schema-check.mjs', ...args);

function change(file: string, from: string | RegExp, to: string): void {
  const target = path.join(repository, file);
  const before = readFileSync(target, 'utf8');
  writeFileSync(target, before.replace(from, to));
  expect(before).not.toBe(readFileSync(target, 'utf8'));
}
/** Plants a change in a subgraph's schema, and composes. */
function plant(name: string, from: string | RegExp, to: string): void {
  change(`subgraphs/${name}/schema.graphql`, from, to);
  expect(run('compose.mjs')).toMatchObject({ status: 0, stderr: '' });
}

beforeEach(() => {
  repository = mkdtempSync(path.join(tmpdir(), 'schema-check-'));
  for (const file of files) cpSync(file, path.join(repository, file), { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(repository, 'node_modules'));
  writeFileSync(path.join(repository, '.gitignore'), 'node_modules\n');
  git('init', '--quiet', '--initial-branch=main');
  commit('First');
});
afterEach(() => rmSync(repository, { recursive: true, force: true }));

test('nothing has changed', () => {
  expect(check()).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(
      /^The schema that clients see: as in main \(\w+\)\nSubgraph user: as in main/,
    ) as unknown,
  });
});

test('a field that operations use is gone: they are named, each with its file', () => {
  plant('order', /  "Given when the order was shipped\."\n  trackingNumber: String\n/, '');
  const { status, stdout } = check();
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /breaking +Field 'trackingNumber' was removed from object type 'Order'\n +breaks \w+ \(clients\/operations\/[\w-]+\.graphql\)/,
  );
  expect(stdout).toContain('breaks OrderPage (clients/operations/orders.graphql)');
  expect(stdout).not.toContain('breaks ProductPage');
  expect(stdout).toMatch(/OrderPage .* is not valid any more: Cannot query field "trackingNumber"/);
});

test('also where the operation was changed with it: clients that were built before still send it', () => {
  plant('order', /  "Given when the order was shipped\."\n  trackingNumber: String\n/, '');
  change('clients/operations/fragments.graphql', /  trackingNumber\n/, '');
  const { status, stdout } = check();
  expect(status).toBe(1);
  expect(stdout).toContain('breaks OrderPage as it was (clients/operations/orders.graphql)');
});

test.each([
  [
    'an argument must be given',
    'product',
    'product(id: ID!): Product',
    'product(id: ID!, version: Int!): Product',
    'ProductPage',
  ],
  [
    'an input must have more',
    'order',
    'input CancelOrderInput {',
    'input CancelOrderInput {\n  "Why."\n  why: String!',
    'CancelOrder',
  ],
  ['a value of an input is gone', 'product', '  "Alphabetically."\n  NAME\n', '', 'SearchProducts'],
  ['a field may be null', 'order', 'total: Money!\n  shippingAddress', 'total: Money\n  shippingAddress', 'MyOrders'],
  ['a member of a result is gone', 'order', ' | PriceChanged', '', 'PlaceOrder'],
])('%s: who uses it is named', (_what, subgraph, from, to, operation) => {
  plant(subgraph, from, to);
  const { status, stdout } = check('main');
  expect({ status, stdout }).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(`breaks ${operation} (`) as unknown,
  });
});

test('what breaks nobody passes, but not when it must be strict', () => {
  plant('order', /type Query \{/, 'type Query {\n  "Not used."\n  unused: String\n');
  commit('A field that nobody uses');
  plant('order', /  "Not used\."\n  unused: String\n/, '');
  expect(check('HEAD')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("Field 'unused' was removed from object type 'Query'\nNo operation") as unknown,
  });
  expect(check('HEAD', '--strict')).toMatchObject({ status: 1 });
});

test('additions are safe, and a scope that is asked for newly is told of', () => {
  plant('product', 'categories: [Category!]!', 'categories: [Category!]! @requiresScopes(scopes: [["product:read"]])');
  change('subgraphs/product/schema.graphql', 'type Query {', 'type Query {\n  "More."\n  more: String\n');
  expect(run('compose.mjs').status).toBe(0);
  const { status, stdout } = check();
  expect(status).toBe(0);
  expect(stdout).toContain("safe       Field 'more' was added to object type 'Query'");
  expect(stdout).toMatch(/Subgraph product, against main [\s\S]*requiresScopes/);
});

test('an unknown revision, and one without the file, are told', () => {
  expect(check('nowhere')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('There is no revision "nowhere" in this repository.') as unknown,
  });
  expect(check('--output=/tmp/x')).toMatchObject({ status: 2 });
  git('rm', '--quiet', '--cached', 'gateway/supergraph.graphql');
  git('commit', '--quiet', '--message', 'Without it');
  expect(check('HEAD')).toMatchObject({
    status: 2,
    stderr: 'The revision HEAD has no gateway/supergraph.graphql to compare with.\n',
  });
});

test('where there is no revision to compare with, a line says that it is skipped', () => {
  git('branch', '--move', 'first');
  expect(check()).toEqual({
    status: 0,
    stderr: '',
    stdout: 'There is no revision to compare with: neither origin/main, main nor HEAD~1. Skipped.\n',
  });
  rmSync(path.join(repository, '.git'), { recursive: true });
  expect(check()).toMatchObject({ status: 0, stdout: expect.stringContaining('This is no git repository') as unknown });
  expect(check('main')).toMatchObject({ status: 2 });
});
