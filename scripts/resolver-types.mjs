/**
 * Makes the types of each subgraph's resolvers, src/resolvers/schema-types.ts, from its schema.graphql.
 *
 *   node scripts/resolver-types.mjs           writes the files that change
 *   node scripts/resolver-types.mjs --check   writes nothing; exits 1 when a file is not what would be written
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { CodegenFailure } from './codegen/failure.mjs';
import { generateResolverTypes } from './codegen/resolver-types.mjs';

function current(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

try {
  const generated = Object.entries(await generateResolverTypes());
  if (generated.length === 0) throw new CodegenFailure('There is no subgraph to make types for.');
  const stale = generated.filter(([file, text]) => current(file) !== text);
  if (stale.length === 0) {
    console.log(`The types of the resolvers of ${generated.length} subgraphs are up to date`);
  } else if (process.argv.includes('--check')) {
    const files = stale.map(([file]) => `\n  ${file}`).join('');
    throw new CodegenFailure(`Not what schema.graphql and parents.ts give: run \`npm run codegen\` and commit it.${files}`);
  } else {
    for (const [file, text] of stale) {
      writeFileSync(file, text);
      console.log(`${file} is written`);
    }
  }
} catch (error) {
  if (!(error instanceof CodegenFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
