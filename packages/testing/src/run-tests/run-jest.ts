import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import path from 'node:path';
import { LONG_RUN_VARIABLE } from '../config.ts';
import type { Selection } from './read-selection.ts';
import { runProgram } from './run-program.ts';
import { createJestWatch } from './watch-jest.ts';

export interface SkippedTest {
  /** Absolute. */
  readonly file: string;
  readonly title: string;
}

export interface JestRun {
  readonly exitCode: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
}

/** The part of Jest's `--json` report that is read here. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The report of the last run; `.ci/run` reads it as well. */
const REPORT = 'node_modules/.cache/jest-results.json';

const COVERED = [
  '{gateway,subgraphs,clients,cli,packages}/**/src/**/*.ts',
  '!**/*.test.ts',
  '!**/{generated,test,dist,node_modules}/**',
  '!**/schema-types.ts',
];

export async function runJest(selection: Selection, root: string): Promise<JestRun> {
  const report = path.join(root, REPORT);
  rmSync(report, { force: true });
  mkdirSync(path.dirname(report), { recursive: true }); // missing after a fresh `npm ci`
  // Jest's own watch mode does not exit.
  const watch = selection.isWatching ? undefined : createJestWatch((line) => process.stderr.write(`${line}\n`));
  const exitCode = await runProgram(
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      ...(watch?.nodeArgs ?? []),
      path.join(root, 'node_modules/jest/bin/jest.js'),
      `--maxWorkers=${countWorkers()}`,
      '--json',
      `--outputFile=${report}`,
      ...(selection.isWatching ? ['--watchAll'] : []),
      ...(selection.hasCoverage ? ['--coverage'] : []),
      // The whole report has files that no test loads; the report of a path has only what its tests load.
      ...(selection.hasCoverage && selection.paths.length === 0
        ? COVERED.map((pattern) => `--collectCoverageFrom=${pattern}`)
        : []),
      ...(selection.tiers.length > 0 ? ['--selectProjects', ...selection.tiers] : []),
      ...selectFiles(selection.paths, root),
    ],
    root,
    {
      env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0', ...(selection.isLong ? { [LONG_RUN_VARIABLE]: '1' } : {}) },
      watch: watch?.watch,
    },
  );
  watch?.stop();
  return { exitCode, ...readReport(report) };
}

/** A worker and the processes that its test starts need about as much memory, in bytes. */
const WORKER_MEMORY = 3 * 1024 ** 3;

/** One worker more than the machine has processors, since tests often wait for other processes; fewer when memory is short. */
function countWorkers(): number {
  return Math.max(1, Math.min(availableParallelism() + 1, Math.floor(freemem() / WORKER_MEMORY)));
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

function readReport(file: string): Omit<JestRun, 'exitCode'> {
  let report: JestReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return { passed: 0, failed: 0, skipped: [] }; // Jest did not get as far as a report; its exit code says so
  }
  return {
    passed: report.numPassedTests,
    // A file that cannot be loaded has no failed test, but still counts as a failure.
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'pending' || status === 'todo' || status === 'disabled')
        .map(({ fullName }) => ({ file: name, title: fullName })),
    ),
  };
}
