import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runJest } from '../src/run-tests/run-jest.ts';
import type { Selection } from '../src/run-tests/read-selection.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../src/temporary-directory.ts';

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory.remove());

const selection: Selection = {
  checks: [],
  tiers: ['unit'],
  paths: [],
  isWatching: false,
  isLong: false,
  hasCoverage: false,
  repeatsFailed: true,
  engine: 'own',
};

const passes = `test('passes', () => {});`;
const fails = `test('fails', () => { throw new Error('always'); });`;
const failsOnce = `test('passes', () => {});
test('fails once', () => {
  const { existsSync, writeFileSync } = require('node:fs');
  const ran = __filename + '.ran';
  if (existsSync(ran)) return;
  writeFileSync(ran, '');
  throw new Error('the first time');
});`;

/** Runs the tests of a small project that uses the Jest of this one. */
async function run(files: Readonly<Record<string, string>>, options: Partial<Selection> = {}) {
  const modules = path.join(directory.path, 'node_modules');
  await mkdir(modules);
  await symlink(path.resolve('node_modules/jest'), path.join(modules, 'jest'));
  // Without Jest's own reporter: its summaries would stand among those of the run that this test is part of.
  const reporters = [path.resolve('packages/testing/jest/progress-reporter.mjs')];
  const project = { displayName: 'unit', testEnvironment: 'node', transform: {}, testMatch: ['**/*.test.js'] };
  const config = { projects: [project], reporters };
  await writeFile(path.join(directory.path, 'package.json'), JSON.stringify({ jest: config }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory.path, name), text);
  const result = await runJest({ ...selection, ...options }, directory.path);
  const written: unknown = JSON.parse(await readFile(path.join(modules, '.cache/test-results.json'), 'utf8'));
  expect(written).toEqual(result);
  return result;
}

test('a file that fails once passes when it is repeated, and its test is named', async () => {
  const result = await run({ 'a.test.js': passes, 'b.test.js': failsOnce });
  expect(result).toMatchObject({ exitCode: 0, passed: 3, failed: 0 });
  expect(result.repeated).toEqual([{ file: path.join(directory.path, 'b.test.js'), titles: ['fails once'] }]);
});

test('a file that fails twice fails the run, and so does one that cannot be loaded', async () => {
  const result = await run({ 'a.test.js': passes, 'b.test.js': fails, 'c.test.js': failsOnce, 'd.test.js': 'no code' });
  expect(result).toMatchObject({ exitCode: 1, passed: 3, failed: 2 });
  expect(result.repeated.map(({ titles }) => titles)).toEqual(expect.arrayContaining([['fails'], ['fails once'], []]));
});

test('nothing is repeated without the option', async () => {
  const result = await run({ 'a.test.js': failsOnce }, { repeatsFailed: false });
  expect(result).toMatchObject({ exitCode: 1, failed: 1, repeated: [] });
});
