// `npm test`: sets itself up, runs every check and every tier of tests, and says at the end what failed.
// `npm test -- unit component` runs only those steps.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/set-up.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(root, 'node_modules', name);
const resultsFile = path.join(root, 'node_modules/.cache/jest-results.json');
const tiers = ['unit', 'component', 'composition', 'e2e'];

const checks = {
  resolvers: ['scripts/resolver-types.mjs', '--check'],
  types: [bin('typescript/bin/tsc'), '-p', 'tsconfig.json'],
  lint: [bin('eslint/bin/eslint.js'), '.'],
  boundaries: ['scripts/boundaries.mjs'],
  supergraph: ['scripts/compose.mjs', '--check'],
  client: ['scripts/codegen.mjs', '--check'],
  breaking: ['dist/shop.js', 'schema', 'check'],
  reference: ['scripts/schema-docs.mjs', '--check'],
  migrations: ['dist/shop.js', 'migrate', 'check'],
};

/** Runs a program of Node's in the project's root; resolves to its exit code. */
function run(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

async function step(name, work) {
  const start = Date.now();
  console.log(`\n── ${name}`);
  const code = await work();
  console.log(`── ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return code === 0 ? [] : [name];
}

function runJest(selected) {
  rmSync(resultsFile, { force: true });
  return run(
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      bin('jest/bin/jest.js'),
      '--maxWorkers=2',
      '--selectProjects',
      ...selected,
      '--json',
      `--outputFile=${resultsFile}`,
    ],
    { FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  );
}

function countTests() {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(resultsFile, 'utf8'),
    );
    // A file that could not even be loaded has no failed test, and is a failure all the same.
    return {
      passed: numPassedTests,
      failed: numFailedTests + (numFailedTestSuites > 0 ? numRuntimeErrorTestSuites : 0),
    };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in checks) && !tiers.includes(name));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}. Steps: ${[...Object.keys(checks), ...tiers].join(', ')}.`);
  process.exit(2);
}
const isWanted = (name) => wanted.length === 0 || wanted.includes(name);

await setUp({ root, compose: false });
const failed = [];
for (const [name, args] of Object.entries(checks)) {
  if (isWanted(name)) failed.push(...(await step(name, () => run(args))));
}
const selected = tiers.filter(isWanted);
if (selected.length > 0) {
  failed.push(...(await step(`tests (${selected.join(', ')})`, () => runJest(selected))));
  const { passed, failed: failures } = countTests();
  console.log(`\nTests: ${passed} passed, ${failures} failed`);
}
console.log(failed.length === 0 ? 'Everything is fine.' : `FAILED: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
