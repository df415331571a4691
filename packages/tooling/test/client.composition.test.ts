import { rmSync } from 'node:fs';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { copyProject, type ProjectCopy } from './project-copy.ts';

const folder = 'clients/typescript';
const generated = [
  'schema.graphql',
  'persisted-operations.json',
  'src/graphql/types.ts',
  'src/graphql/operations.ts',
].map((file) => `${folder}/${file}`);
let copy: ProjectCopy;
beforeEach(() => {
  copy = copyProject(['gateway/supergraph.graphql', 'clients/operations', ...generated]);
});
afterEach(() => copy.remove());

test('the committed files match the supergraph and the operations', async () => {
  expect(await copy.findStale('client')).toEqual([]);
});

test.each([
  [
    'a new field in the graph',
    'gateway/supergraph.graphql',
    'onHand: Int!',
    'onHand: Int!\n  onTheWay: Int!',
    [`${folder}/schema.graphql`],
  ],
  [
    'a new selection in an operation',
    'clients/operations/fragments.graphql',
    'reserved',
    'reserved\n  total: onHand',
    generated.slice(1).sort(),
  ],
  [
    'a change by hand',
    `${folder}/persisted-operations.json`,
    '"version": 1',
    '"version": 2',
    [`${folder}/persisted-operations.json`],
  ],
])('detects %s', async (_what, file, from, to, stale) => {
  copy.change(file, from, to);
  expect(await copy.findStale('client')).toEqual(stale);
});

test('generates missing files', async () => {
  rmSync(path.join(copy.root, folder), { recursive: true });
  expect(await copy.generate('client')).toEqual([...generated].sort());
  for (const file of generated) expect(copy.read(file)).toBe(readFileSync(file, 'utf8'));
});

test('a manually edited file is generated again', async () => {
  await copy.generate('client');
  copy.change(`${folder}/persisted-operations.json`, '"version": 1', '"version": 2');
  expect(await copy.generate('client')).toEqual([`${folder}/persisted-operations.json`]);
});

test('the schema has no federation members', () => {
  expect(readFileSync(`${folder}/schema.graphql`, 'utf8')).not.toMatch(
    /join__|link__|@requiresScopes|@authenticated|_entities|_service/,
  );
});

test.each([
  [
    'an unknown field',
    'query Odd { me { shoeSize } }',
    /^clients\/operations\/odd\.graphql:1:18 Cannot query field "shoeSize"/,
  ],
  ['a syntax error', 'query Odd { me { }', /^clients\/operations\/odd\.graphql:1:18 Syntax Error/],
  ['a name that is taken', 'query Me { me { id } }', /There can be only one operation named "Me"/],
  ['an operation without a name', '{ me { id } }', /^clients\/operations\/odd\.graphql:1:1 An operation needs a name/],
  [
    'an unused fragment',
    'fragment Lonely on User { id }',
    /^clients\/operations\/odd\.graphql:1:1 Fragment "Lonely" is never used/,
  ],
])('reports %s with its place, and writes nothing', async (_what, text, message) => {
  copy.write('clients/operations/odd.graphql', text);
  const before = copy.read(`${folder}/persisted-operations.json`);
  await expect(copy.generate('client')).rejects.toThrow(message);
  expect(copy.read(`${folder}/persisted-operations.json`)).toBe(before);
});
