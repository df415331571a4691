import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Runs the script over the checkout, or over a copy. */
function makeTypes(directory: string, ...args: string[]) {
  return spawnSync(process.execPath, [path.resolve('scripts/resolver-types.mjs'), ...args], {
    cwd: directory,
    encoding: 'utf8',
  });
}

const schema = 'subgraphs/order/schema.graphql';
const parents = 'subgraphs/order/src/resolvers/parents.ts';
const types = 'subgraphs/order/src/resolvers/schema-types.ts';

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'resolver-types-'));
  for (const file of [schema, parents, types]) cpSync(file, path.join(copy, file), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

const read = (file: string) => readFileSync(path.join(copy, file), 'utf8');

function change(file: string, from: string, to: string): void {
  expect(read(file)).toContain(from);
  writeFileSync(path.join(copy, file), read(file).replace(from, to));
}

test('the committed types are what the schemas give', () => {
  expect(makeTypes('.', '--check')).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringContaining('3 subgraphs are up to date') as unknown,
  });
});

test('a schema that was changed alone is noticed, and making the types heals it', () => {
  change(schema, 'type Query {', 'type Query {\n  "Whether anything works."\n  ping: Boolean\n');
  expect(makeTypes(copy, '--check')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`run \`npm run codegen\` and commit it.\n  ${types}`) as unknown,
  });
  expect(read(types)).not.toContain('ping: Resolver');
  expect(makeTypes(copy)).toMatchObject({ status: 0, stdout: `${types} is written\n` });
  expect(read(types)).toContain("ping: Resolver<Maybe<ResolversTypes['Boolean']>");
  expect(makeTypes(copy, '--check')).toMatchObject({ status: 0 });
});

test('a schema that cannot be read is told with its place', () => {
  change(schema, 'type Query {', 'type Query {{');
  expect(makeTypes(copy)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^subgraphs\/order\/schema\.graphql:\d+:\d+ Syntax Error/) as unknown,
  });
});

test.each([
  ['export type PaymentParent', 'export type PaymantParent', 'PaymantParent'],
  ['export type PaymentParent', 'export type PaymentRow', 'PaymentRow'],
  ['export type PaymentParent = Payment;', 'export { type Payment as PaymentParent };', 'export'],
])('%s as %s is refused: it would be left out', (from, to, name) => {
  change(parents, from, to);
  expect(makeTypes(copy)).toMatchObject({
    status: 1,
    stderr: `${parents}: ${name} is not a type of the schema followed by Parent.\n`,
  });
});
