import { availableParallelism } from 'node:os';
import path from 'node:path';
import { checks } from './checks.ts';
import { readSelection, selectStockEngine, type Selection } from './read-selection.ts';
import { findUnexpectedSkips } from './allowed-skips.ts';
import { runJest, type JestRun } from './run-jest.ts';
import { runProgram } from './run-program.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Runs the tests that the arguments of `npm test` select, and prints failures and skipped tests. @returns the exit code
 */
export async function runTests(args: readonly string[], root: string): Promise<number> {
  let selection: Selection;
  try {
    selection = readSelection(args, { root, checks: Object.keys(checks) });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }

  const failed = await runChecks(selection.checks, root);
  // The result of the last run is kept, and that is the whole one.
  const withStock = selectStockEngine(selection);
  if (withStock !== undefined) failed.push(...(await runSelected(withStock, root)));
  if (selection.tiers.length > 0 || selection.paths.length > 0) failed.push(...(await runSelected(selection, root)));
  print(failed.length === 0 ? 'Everything passed.' : `FAILED: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

/** @returns the names of what failed */
async function runSelected(selection: Selection, root: string): Promise<string[]> {
  const { paths, tiers, engine } = selection;
  const engineName = engine === 'own' ? '' : ` with the ${engine} engine`;
  const name = `tests (${paths.length > 0 ? paths.join(', ') : tiers.join(', ')}${engineName})`;
  const failed: string[] = [];
  let run: JestRun | undefined;
  const isGreen = await runStep(name, async () => {
    run = await runJest(selection, root);
    return run.exitCode;
  });
  if (!isGreen) failed.push(name);
  if (run !== undefined && !reportResults(run, root)) failed.push('skipped tests');
  return failed;
}

/**
 * Runs the checks side by side, as many as the machine has processors, and prints each with its output when it has ended.
 *
 * @returns the names of those that failed, in the order of the selection
 */
async function runChecks(names: readonly string[], root: string): Promise<string[]> {
  const failed = new Set<string>();
  const waiting = [...names];
  async function work(): Promise<void> {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const startedAt = Date.now();
      let output = '';
      const code = await runProgram(checks[name] ?? [], root, { onOutput: (text) => (output += text) });
      if (code !== 0) failed.add(name);
      print(`\n── ${name}`);
      process.stdout.write(output);
      printEnd(name, code, startedAt);
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return names.filter((name) => failed.has(name));
}

async function runStep(name: string, work: () => Promise<number>): Promise<boolean> {
  const startedAt = Date.now();
  print(`\n── ${name}`);
  const code = await work();
  printEnd(name, code, startedAt);
  return code === 0;
}

function printEnd(name: string, code: number, startedAt: number): void {
  print(`── ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

/** @returns false when a test was skipped that must not be skipped */
function reportResults({ passed, failed, skipped, repeated }: JestRun, root: string): boolean {
  print('');
  const { allowed, unexpected } = findUnexpectedSkips(skipped, root);
  for (const { file, title, reason } of allowed) print(`Skipped: ${file}: ${title} (${reason})`);
  for (const { file, title } of unexpected)
    print(
      `Skipped without leave: ${file}: ${title}. Run it, or list it with its reason in packages/testing/src/run-tests/allowed-skips.ts.`,
    );
  for (const { file, titles } of repeated)
    print(
      `Failed beside others, and was repeated alone: ${path.relative(root, file)}: ${titles.join(', ') || 'not loaded'}`,
    );
  print(`Tests: ${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return unexpected.length === 0;
}
