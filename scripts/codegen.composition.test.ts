import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Runs the script over the checkout, or over a copy. */
function codegen(directory: string, ...args: string[]) {
  return spawnSync(process.execPath, [path.resolve('scripts/codegen.mjs'), ...args], {
    cwd: directory,
    encoding: 'utf8',
  });
}

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'codegen-'));
  const needed = [
    'gateway/supergraph.graphql',
    'clients/operations',
    'clients/typescript/schema.graphql',
    'clients/typescript/persisted-operations.json',
    'clients/typescript/src/graphql',
  ];
  for (const file of needed) cpSync(file, path.join(copy, file), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function change(file: string, from: string, to: string): void {
  const target = path.join(copy, file);
  const before = readFileSync(target, 'utf8');
  writeFileSync(target, before.replace(from, to));
  expect(readFileSync(target, 'utf8')).not.toBe(before);
}

test('what is committed is what the supergraph and the operations give', () => {
  expect(codegen('.', '--check')).toMatchObject({ status: 0, stderr: '' });
});

test.each([
  [
    'a field that is new in the graph',
    'gateway/supergraph.graphql',
    'onHand: Int!',
    'onHand: Int!\n  onTheWay: Int!',
    ['clients/typescript/schema.graphql'],
  ],
  [
    'a selection that is new in an operation',
    'clients/operations/fragments.graphql',
    'reserved',
    'reserved\n  total: onHand',
    ['persisted-operations.json', 'src/graphql/types.ts', 'src/graphql/operations.ts'].map(
      (file) => `clients/typescript/${file}`,
    ),
  ],
  [
    'a change by hand',
    'clients/typescript/persisted-operations.json',
    '"version": 1',
    '"version": 2',
    ['clients/typescript/persisted-operations.json'],
  ],
])('%s is noticed', (_what, file, from, to, stale) => {
  change(file, from, to);
  const { status, stderr } = codegen(copy, '--check');
  expect(status).toBe(1);
  expect(stderr).toContain('run `npm run codegen`');
  expect(stderr.match(/^ {2}\S+$/gm)?.map((line) => line.trim())).toEqual(stale);
});

test('generating heals it', () => {
  rmSync(path.join(copy, 'clients/typescript'), { recursive: true });
  expect(codegen(copy)).toMatchObject({ status: 0 });
  for (const file of [
    'schema.graphql',
    'persisted-operations.json',
    'src/graphql/types.ts',
    'src/graphql/operations.ts',
  ]) {
    expect(readFileSync(path.join(copy, 'clients/typescript', file), 'utf8')).toBe(
      readFileSync(path.join('clients/typescript', file), 'utf8'),
    );
  }
});

test('the schema has nothing of federation', () => {
  expect(readFileSync('clients/typescript/schema.graphql', 'utf8')).not.toMatch(
    /join__|link__|@requiresScopes|@authenticated|_entities|_service/,
  );
});

test.each([
  [
    'a field that there is not',
    'query Odd { me { shoeSize } }',
    /^clients\/operations\/odd\.graphql:1:18 Cannot query field "shoeSize"/,
  ],
  ['a syntax error', 'query Odd { me { }', /^clients\/operations\/odd\.graphql:1:18 Syntax Error/],
  ['a name that is taken', 'query Me { me { id } }', /There can be only one operation named "Me"/],
  ['no name', '{ me { id } }', /^clients\/operations\/odd\.graphql:1:1 An operation needs a name/],
  [
    'a fragment for nobody',
    'fragment Lonely on User { id }',
    /^clients\/operations\/odd\.graphql:1:1 Fragment "Lonely" is never used/,
  ],
])('%s is told with its place, and nothing is written', (_what, text, message) => {
  mkdirSync(path.join(copy, 'clients/operations'), { recursive: true });
  writeFileSync(path.join(copy, 'clients/operations/odd.graphql'), text);
  const before = readFileSync(path.join(copy, 'clients/typescript/persisted-operations.json'), 'utf8');
  expect(codegen(copy)).toMatchObject({ status: 1, stderr: expect.stringMatching(message) as unknown });
  expect(readFileSync(path.join(copy, 'clients/typescript/persisted-operations.json'), 'utf8')).toBe(before);
});
