/**
 * Checks which file may import which, by the rules of .dependency-cruiser.cjs.
 *
 *   node scripts/boundaries.mjs [--root <directory>]
 *
 * Prints each violation and exits 1 when there is one. A check that looks at nothing passes by mistake: this one also fails
 * when it has not seen every source file.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cruise } from 'dependency-cruiser';

const here = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const excluded = new RegExp(options.exclude.path);

/** Every source file that the check must have seen, relative to the root. */
function sourceFiles(root, folders) {
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map((file) => path.posix.join(folder, file)),
    )
    .filter((file) => /(?<!\.d)\.ts$/.test(file) && !/(^|\/)node_modules\//.test(file) && !excluded.test(file));
}

const { values } = parseArgs({ options: { root: { type: 'string', default: here } } });
process.chdir(values.root);
const folders = ['gateway', 'subgraphs', 'clients', 'cli', 'packages', 'e2e'].filter((folder) => existsSync(folder));

const { output } = await cruise(
  folders,
  { ...options, ruleSet: { forbidden }, validate: true },
  options.enhancedResolveOptions,
);
const seen = new Set(output.modules.map((module) => module.source));
const unseen = sourceFiles('.', folders).filter((file) => !seen.has(file));
const checked = output.modules.filter((module) => !module.coreModule && !module.source.includes('node_modules')).length;

for (const { rule, from, to, cycle } of output.summary.violations) {
  const where = cycle ? [from, ...cycle.map((step) => step.name)].join(' -> ') : `${from} -> ${to}`;
  console.error(`${rule.name}: ${where}\n    ${forbidden.find(({ name }) => name === rule.name)?.comment ?? ''}`);
}
for (const file of unseen) console.error(`not seen by the check: ${file}`);
if (checked === 0) console.error('The check saw no module at all.');

const failures = output.summary.violations.length + unseen.length;
console.log(`boundaries: ${checked} modules, ${forbidden.length} rules, ${failures} failures`);
process.exitCode = failures > 0 || checked === 0 ? 1 : 0;
