/**
 * Writes docs/schema, the reference of the schema that clients see, from gateway/supergraph.graphql: one page for each kind of thing, with
 * who may ask for what.
 *
 *   node scripts/schema-docs.mjs           writes the files that change
 *   node scripts/schema-docs.mjs --check   writes nothing; exits 1 when a file is not what would be written
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readApiSchema } from './codegen/api-schema.mjs';
import { readAccess } from './schema-docs/access.mjs';
import { pagesOf } from './schema-docs/pages.mjs';

const source = 'gateway/supergraph.graphql';
const folder = 'docs/schema';

const supergraph = readFileSync(source, 'utf8');
const wanted = pagesOf(readApiSchema(supergraph), readAccess(supergraph));
const present = Object.fromEntries(
  (existsSync(folder) ? readdirSync(folder) : []).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
);
const stale = [...new Set([...Object.keys(wanted), ...Object.keys(present)])]
  .filter((name) => wanted[name] !== present[name])
  .sort();

if (stale.length === 0) console.log(`${folder} is up to date`);
else if (process.argv.includes('--check')) {
  console.error(
    `${folder} is not what ${source} gives: run \`npm run schema:docs\` and commit it. It differs in ${stale.join(', ')}.`,
  );
  process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const name of stale) {
    if (wanted[name] === undefined) rmSync(path.join(folder, name));
    else writeFileSync(path.join(folder, name), wanted[name]);
    console.log(`${folder}/${name} is ${wanted[name] === undefined ? 'removed' : 'written'}`);
  }
}
