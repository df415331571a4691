import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ExpectedError, type Report } from '@shop/process';
import { hashFiles, openStamp } from '../../../../scripts/setup/inputs.mjs';
import { openProject, type Project } from '../project.ts';
import { formatFiles } from './format.ts';
import type { CommittedGenerator, GeneratedFiles, Generator, LocalGenerator } from './generator.ts';
import { generators as allGenerators } from './registry.ts';

/** Options of {@link generate}. */
export interface GenerateOptions {
  readonly root: string;
  /** Names of the generators to run. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** True skips committed files and makes only those that are not committed. Default: false. */
  readonly localOnly?: boolean;
  /** Runs also generators whose inputs have not changed since their last run. Default: false. */
  readonly force?: boolean;
  /** Gets a line for each generator. Default: none. */
  readonly report?: Report;
  /** Default: the registry's. */
  readonly generators?: readonly Generator[];
}

/** The common inputs of all generators: their code, their libraries, and the formatter's configuration. */
const commonInputs = ['packages/tooling/src', 'package-lock.json', '.oxfmtrc.json', '.editorconfig'];

/**
 * Runs the generators whose inputs or results have changed, in the order of the registry, and writes the files that
 * differ.
 *
 * @returns the paths of the files that were written or removed
 * @throws ExpectedError when an input is wrong; files from earlier generators stay
 */
export async function generate(options: GenerateOptions): Promise<string[]> {
  const { root, localOnly = false, report = () => {} } = options;
  const project = openProject(root);
  const changed: string[] = [];
  for (const generator of selectGenerators(options)) {
    if (localOnly && generator.kind === 'committed') continue;
    const start = performance.now();
    const files = await runOnce(generator, project, options.force ?? false);
    changed.push(...(files ?? []));
    report(formatProgress(generator.name, describeOutcome(generator, files), start));
  }
  return changed;
}

/**
 * Finds committed files that differ from the generators' results. Writes nothing.
 *
 * @returns the paths of those files
 */
export async function findStaleFiles(options: Omit<GenerateOptions, 'localOnly' | 'force'>): Promise<string[]> {
  const { root, report = () => {} } = options;
  const made = new Map<string, string>();
  const disk = openProject(root);
  const stale: string[] = [];
  for (const generator of selectGenerators(options)) {
    if (generator.kind === 'local') continue;
    const start = performance.now();
    const files = await formatFiles(root, await generator.run(openProject(root, made)));
    for (const [file, text] of Object.entries(files)) made.set(file, text);
    const differing = findDifferences(generator, files, disk);
    stale.push(...differing);
    const outcome = differing.length === 0 ? 'up to date' : `${differing.length} out of date`;
    report(formatProgress(generator.name, outcome, start));
  }
  return stale;
}

function selectGenerators({ only, generators = allGenerators }: GenerateOptions): readonly Generator[] {
  const unknown = only?.filter((name) => !generators.some((generator) => generator.name === name)) ?? [];
  if (unknown.length > 0) {
    const names = generators.map(({ name }) => name).join(', ');
    throw new ExpectedError(`There is no generator ${unknown.join(', ')}. Generators: ${names}.`);
  }
  return only === undefined ? generators : generators.filter(({ name }) => only.includes(name));
}

/** Paths of the files that changed; `undefined` when the generator did not need to run. */
async function runOnce(generator: Generator, project: Project, force: boolean): Promise<string[] | undefined> {
  const stamp = openStamp(project.root, `generate-${generator.name}`);
  const hashNow = (files: readonly string[]) =>
    hashFiles(project.root, [...commonInputs, ...generator.inputs(project), ...files]);
  const { hash, files } = readStamp(await stamp.read());
  if (!force && hash === (await hashNow(files)) && isPresent(generator, project)) return undefined;

  const result =
    generator.kind === 'committed'
      ? await writeCommitted(generator, project)
      : await writeLocal(generator, project, force);
  // The hash includes the results, so that a manually edited file is generated again.
  await stamp.write(JSON.stringify({ hash: await hashNow(result.files), files: result.files }));
  return result.changed;
}

interface Written {
  /** All files of the generator. */
  readonly files: readonly string[];
  /** Files that this run has written or removed. */
  readonly changed: string[];
}

async function writeCommitted(generator: CommittedGenerator, project: Project): Promise<Written> {
  const files = await formatFiles(project.root, await generator.run(project));
  const changed = findDifferences(generator, files, project);
  for (const file of changed) {
    const target = path.join(project.root, file);
    const text = files[file];
    if (text === undefined) {
      rmSync(target);
    } else {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
  return { files: Object.keys(files), changed };
}

async function writeLocal(generator: LocalGenerator, project: Project, force: boolean): Promise<Written> {
  await generator.write(project, { force });
  return { files: [], changed: [] };
}

function isPresent(generator: Generator, project: Project): boolean {
  return generator.kind === 'committed' || generator.isPresent(project);
}

/** Paths of the files that differ, and of files that should not exist. */
function findDifferences(generator: CommittedGenerator, files: GeneratedFiles, disk: Project): string[] {
  const present = (generator.folders ?? []).flatMap((folder) => disk.list(folder));
  return [...new Set([...Object.keys(files), ...present])].filter((file) => disk.read(file) !== files[file]).sort();
}

function readStamp(text: string): { readonly hash: string; readonly files: readonly string[] } {
  try {
    return JSON.parse(text) as { hash: string; files: string[] };
  } catch {
    return { hash: '', files: [] };
  }
}

function describeOutcome(generator: Generator, changed: readonly string[] | undefined): string {
  if (changed === undefined) return 'up to date';
  if (generator.kind === 'local') return 'generated';
  if (changed.length === 0) return 'no changes';
  return changed.length === 1 ? `${changed[0]}` : `${changed.length} files changed`;
}

function formatProgress(name: string, outcome: string, start: number): string {
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  return `  ${name.padEnd(18)} ${outcome.padEnd(44)} ${seconds.padStart(5)} s`;
}
