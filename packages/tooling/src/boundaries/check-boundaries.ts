import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ExpectedError, type Report } from '@shop/process';
import type { ICruiseOptions, ICruiseResult, IForbiddenRuleType } from 'dependency-cruiser';

interface Rules {
  readonly forbidden: readonly (IForbiddenRuleType & { readonly name: string; readonly comment: string })[];
  readonly options: ICruiseOptions & { readonly exclude: { readonly path: string } };
}

const checkedFolders = ['gateway', 'subgraphs', 'clients', 'cli', 'packages', 'e2e', 'examples'];

/**
 * Checks the imports between files by the rules of .dependency-cruiser.cjs. A check that finds no files would pass, so
 * it also fails when it has not seen every source file.
 *
 * @param rulesRoot the directory of .dependency-cruiser.cjs
 * @param root the project to check; it becomes the current directory, since dependency-cruiser reads that
 * @throws ExpectedError with each violation and its reason
 */
export async function checkBoundaries(rulesRoot: string, root: string, report: Report): Promise<void> {
  const { forbidden, options } = createRequire(path.join(rulesRoot, 'package.json'))(
    './.dependency-cruiser.cjs',
  ) as Rules;
  const { cruise } = await import('dependency-cruiser');
  process.chdir(root);
  const folders = checkedFolders.filter((folder) => existsSync(folder));
  const { output } = await cruise(
    folders,
    { ...options, ruleSet: { forbidden: [...forbidden] }, validate: true },
    options.enhancedResolveOptions as Parameters<typeof cruise>[2],
  );
  const { modules, summary } = output as ICruiseResult;
  const seen = new Set(modules.map((module) => module.source));
  const unseen = listSources(folders, new RegExp(options.exclude.path)).filter((file) => !seen.has(file));
  const own = modules.filter((module) => !module.coreModule && !module.source.includes('node_modules'));

  const failures = [
    ...summary.violations.map(({ rule, from, to, cycle }) => {
      const where = cycle ? [from, ...cycle.map(({ name }) => name)].join(' -> ') : `${from} -> ${to}`;
      return `${rule.name}: ${where}\n    ${forbidden.find(({ name }) => name === rule.name)?.comment ?? ''}`;
    }),
    ...unseen.map((file) => `not seen by the check: ${file}`),
    ...(own.length === 0 ? ['The check saw no module at all.'] : []),
  ];
  report(`boundaries: ${own.length} modules, ${forbidden.length} rules, ${failures.length} failures`);
  if (failures.length > 0) throw new ExpectedError(failures.join('\n'));
}

/** Every source file that the check must see. */
function listSources(folders: readonly string[], excluded: RegExp): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.posix.join(folder, file)),
    )
    .filter((file) => /(?<!\.d)\.ts$/.test(file) && !/(^|\/)node_modules\//.test(file) && !excluded.test(file));
}
