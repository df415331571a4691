import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import path from 'node:path';
import { ENGINE_VARIABLE, LONG_RUN_VARIABLE } from '../config.ts';
import type { Selection } from './read-selection.ts';
import { runProgram } from './run-program.ts';
import { createJestWatch } from './watch-jest.ts';

export interface SkippedTest {
  /** Absolute. */
  readonly file: string;
  readonly title: string;
}

export interface FailedFile {
  /** Absolute. */
  readonly file: string;
  /** The titles of its failed tests; none when it could not be loaded. */
  readonly titles: readonly string[];
}

export interface JestRun {
  readonly exitCode: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
  /** Files that failed beside others. They were repeated alone, and the rest of this report has the result of the repetition. */
  readonly repeated: readonly FailedFile[];
}

interface TestFileReport {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

/** The part of Jest's `--json` report that is read here. */
interface JestReport {
  readonly testResults: readonly TestFileReport[];
}

/** The result of the last run, as {@link JestRun}; `.ci/run` reads it. */
const RESULTS = 'node_modules/.cache/test-results.json';
const JEST_REPORT = 'node_modules/.cache/jest-report.json';

/** With more failed files than these, the fault is not one of a busy machine. */
const MOST_REPEATED = 10;

const COVERED = [
  '{gateway,subgraphs,clients,cli,packages}/**/src/**/*.ts',
  '!**/*.test.ts',
  '!**/{generated,test,dist,node_modules}/**',
  '!**/schema-types.ts',
];

export async function runJest(selection: Selection, root: string): Promise<JestRun> {
  rmSync(path.join(root, RESULTS), { force: true });
  const first = await runOnce(selection, root, {
    files: selectFiles(selection.paths, root),
    workers: countWorkers(selection),
  });
  const failed = first.files.filter(({ status }) => status === 'failed');
  if (!selection.repeatsFailed || first.isHung || failed.length === 0 || failed.length > MOST_REPEATED)
    return sumUp(first);

  const files = failed.map(({ name }) => `^${escapePattern(name)}$`);
  process.stdout.write(`\nRepeating the failed test files, one after another: ${files.length}\n`);
  const second = await runOnce(selection, root, { files, workers: 1 });
  const passedAtOnce = first.files.filter((file) => !failed.includes(file));
  return sumUp({ ...second, files: [...passedAtOnce, ...second.files] }, failed);

  function sumUp(
    { exitCode, files }: Pick<OneRun, 'exitCode' | 'files'>,
    repeated: readonly TestFileReport[] = [],
  ): JestRun {
    const run = { exitCode, ...count(files), repeated: repeated.map(describeFailedFile) };
    writeFileSync(path.join(root, RESULTS), JSON.stringify(run));
    return run;
  }
}

interface OneRun {
  readonly exitCode: number;
  /** True when Jest had to be killed. */
  readonly isHung: boolean;
  readonly files: readonly TestFileReport[];
}

async function runOnce(
  selection: Selection,
  root: string,
  { files, workers }: { files: readonly string[]; workers: number },
): Promise<OneRun> {
  const report = path.join(root, JEST_REPORT);
  rmSync(report, { force: true });
  mkdirSync(path.dirname(report), { recursive: true }); // missing after a fresh `npm ci`
  // Jest's own watch mode does not exit.
  const watch = selection.isWatching ? undefined : createJestWatch((line) => process.stderr.write(`${line}\n`));
  const exitCode = await runProgram(
    [
      '--experimental-vm-modules',
      // Of the processor's time of unit tests, the garbage collector takes an eighth less.
      '--max-semi-space-size=64',
      '--disable-warning=ExperimentalWarning',
      ...(watch?.nodeArgs ?? []),
      path.join(root, 'node_modules/jest/bin/jest.js'),
      ...listJestArguments(selection, files),
      `--maxWorkers=${workers}`,
      '--json',
      `--outputFile=${report}`,
    ],
    root,
    {
      env: {
        FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
        [ENGINE_VARIABLE]: selection.engine,
        ...(selection.isLong ? { [LONG_RUN_VARIABLE]: '1' } : {}),
      },
      watch: watch?.watch,
    },
  );
  watch?.stop();
  return { exitCode, isHung: watch?.hasEndedJest() ?? false, files: readReport(report) };
}

/** The arguments that choose what runs. The files come first: an option that takes several values would take them too. */
function listJestArguments(selection: Selection, files: readonly string[]): string[] {
  const { tiers, paths, hasCoverage, isWatching } = selection;
  return [
    ...files,
    ...(tiers.length > 0 ? ['--selectProjects', ...tiers] : []),
    ...(isWatching ? ['--watchAll'] : []),
    ...(hasCoverage ? ['--coverage'] : []),
    // The whole report has files that no test loads; the report of a path has only what its tests load.
    ...(hasCoverage && paths.length === 0 ? COVERED.map((pattern) => `--collectCoverageFrom=${pattern}`) : []),
  ];
}

/** A worker and the processes that its test starts need about as much memory, in bytes. */
const WORKER_MEMORY = 3 * 1024 ** 3;

/**
 * Two workers for each processor: a test waits for servers much of its time, which another one can use. Fewer when memory is short.
 */
function countWorkers({ isLong }: Pick<Selection, 'isLong'>): number {
  // A long scenario with a whole system under load needs more than one processor by itself.
  const perProcessor = isLong ? 1 : 2;
  return Math.max(1, Math.min(perProcessor * availableParallelism(), Math.floor(freemem() / WORKER_MEMORY)));
}

/** Test files run as they are, folders with all tests in them, and for a source file the tests that import it. */
function selectFiles(paths: readonly string[], root: string): string[] {
  const absolute = paths.map((name) => path.join(root, name));
  const isSource = (file: string): boolean => statSync(file).isFile() && !file.endsWith('.test.ts');
  if (absolute.length > 0 && absolute.every(isSource)) return ['--findRelatedTests', ...absolute];
  return absolute.map((file) => `^${escapePattern(file)}${statSync(file).isDirectory() ? '(/|$)' : '$'}`);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function readReport(file: string): readonly TestFileReport[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as JestReport).testResults;
  } catch {
    return []; // Jest did not get as far as a report; its exit code says so
  }
}

function count(files: readonly TestFileReport[]): Pick<JestRun, 'passed' | 'failed' | 'skipped'> {
  const tests = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, file: name })),
  );
  const countOf = (status: string): number => tests.filter((test) => test.status === status).length;
  return {
    passed: countOf('passed'),
    // A file that cannot be loaded has no failed test, but still counts as a failure.
    failed: countOf('failed') + files.filter((file) => file.status === 'failed' && !hasFailedTest(file)).length,
    skipped: tests
      .filter(({ status }) => status === 'pending' || status === 'todo' || status === 'disabled')
      .map(({ file, fullName }) => ({ file, title: fullName })),
  };
}

function hasFailedTest({ assertionResults }: TestFileReport): boolean {
  return assertionResults.some(({ status }) => status === 'failed');
}

function describeFailedFile({ name, assertionResults }: TestFileReport): FailedFile {
  return {
    file: name,
    titles: assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  };
}
