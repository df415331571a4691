import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { TestedEngine } from '../config.ts';

/** A test's tier is the suffix of its file: `x.unit.test.ts`. */
export const TIERS = ['unit', 'component', 'composition', 'e2e'] as const;

export interface Selection {
  readonly checks: readonly string[];
  readonly tiers: readonly string[];
  /** Relative to the root. When the list is not empty, only their tests run, whatever their tier. */
  readonly paths: readonly string[];
  readonly isWatching: boolean;
  readonly isLong: boolean;
  readonly hasCoverage: boolean;
  /** The executor of the gateways that component tests start. */
  readonly engine: TestedEngine;
  /** True to run the files that fail once more, alone, and to take that result. */
  readonly repeatsFailed: boolean;
}

/** The gateway's component tests with the executor of `@apollo/gateway`: a step of the whole long form. */
export function selectStockEngine(selection: Selection): Selection | undefined {
  const isWhole = selection.paths.length === 0 && selection.tiers.length === TIERS.length;
  if (!isWhole || !selection.isLong || selection.isWatching || selection.engine === 'stock') return undefined;
  return { ...selection, checks: [], tiers: ['component'], paths: ['gateway'], engine: 'stock' };
}

/**
 * Reads the arguments of `npm test`.
 *
 * @throws Error with a sentence for the person when an argument is neither a step nor a path, or when options contradict each other
 */
export function readSelection(args: readonly string[], known: { root: string; checks: readonly string[] }): Selection {
  const { values, positionals } = parseArguments(args);
  const isStep = (name: string): boolean => known.checks.includes(name) || TIERS.some((tier) => tier === name);
  const steps = positionals.filter(isStep);
  const paths = positionals.filter((name) => !isStep(name)).map((name) => readPath(name, known));
  const hasCoverage = values.coverage ?? false;
  const selection = {
    paths,
    isWatching: values.watch ?? false,
    isLong: values.long ?? false,
    hasCoverage,
    repeatsFailed: values['repeat-failed'] ?? false,
    engine: readEngine(values.engine),
  };
  if (steps.length > 0 && paths.length > 0)
    throw new Error(`Give steps (${steps.join(', ')}) or paths (${paths.join(', ')}), not both.`);
  if (paths.length > 0) return { ...selection, checks: [], tiers: [] };
  if (steps.length === 0) {
    if (selection.isWatching) throw new Error('--watch takes a tier or a path: npm test -- gateway --watch');
    // Coverage of a process that a test starts is not measured, so the e2e tier adds nothing to the report.
    return hasCoverage
      ? { ...selection, checks: [], tiers: TIERS.filter((tier) => tier !== 'e2e') }
      : { ...selection, checks: known.checks, tiers: TIERS };
  }
  return {
    ...selection,
    checks: known.checks.filter((name) => steps.includes(name)),
    tiers: TIERS.filter((name) => steps.includes(name)),
  };
}

function parseArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        watch: { type: 'boolean' },
        long: { type: 'boolean' },
        coverage: { type: 'boolean' },
        'repeat-failed': { type: 'boolean' },
        engine: { type: 'string' },
      },
    });
  } catch (error) {
    // Node adds how to pass a positional argument that looks like an option. No step and no path does.
    const [sentence = ''] = (error as Error).message.split('. ');
    throw new Error(`${sentence}. See: npm test -- --help`, { cause: error });
  }
}

function readEngine(name = 'own'): TestedEngine {
  if (name !== 'own' && name !== 'stock') throw new Error(`There is no engine "${name}". Engines: own, stock.`);
  return name;
}

function readPath(name: string, { root, checks }: { root: string; checks: readonly string[] }): string {
  const file = path.resolve(root, name);
  if (statSync(file, { throwIfNoEntry: false }) === undefined)
    throw new Error(`There is no step and no file "${name}". Steps: ${[...checks, ...TIERS].join(', ')}.`);
  return path.relative(root, file) || '.';
}
