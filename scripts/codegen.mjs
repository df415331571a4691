/**
 * Makes what clients/typescript has of the graph: the schema that clients see, the types and documents of
 * clients/operations, and the manifest of persisted operations.
 *
 *   node scripts/codegen.mjs           writes the files that change
 *   node scripts/codegen.mjs --check   writes nothing; exits 1 when a file is not what would be written
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printApiSchema, readApiSchema } from './codegen/api-schema.mjs';
import { CodegenFailure } from './codegen/failure.mjs';
import { manifestOf } from './codegen/manifest.mjs';
import { generateDocuments } from './codegen/documents.mjs';
import { generateTypes } from './codegen/types.mjs';
import { readOperations } from './codegen/read-operations.mjs';

const supergraph = 'gateway/supergraph.graphql';
const operations = 'clients/operations';
const client = 'clients/typescript';

async function generate() {
  const schema = readApiSchema(readFileSync(supergraph, 'utf8'));
  const sources = readOperations(operations, schema);
  return {
    [`${client}/schema.graphql`]: printApiSchema(schema),
    [`${client}/persisted-operations.json`]: manifestOf(sources),
    [`${client}/src/graphql/types.ts`]: await generateTypes(schema, sources),
    [`${client}/src/graphql/operations.ts`]: generateDocuments(schema, sources),
  };
}

function current(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

try {
  const stale = Object.entries(await generate()).filter(([file, text]) => current(file) !== text);
  if (stale.length === 0) {
    console.log(`${client} is up to date with ${supergraph} and ${operations}`);
  } else if (process.argv.includes('--check')) {
    const files = stale.map(([file]) => `\n  ${file}`).join('');
    throw new CodegenFailure(`Not what ${supergraph} and ${operations} give: run \`npm run codegen\` and commit it.${files}`);
  } else {
    for (const [file, text] of stale) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(`${file} is written`);
    }
  }
} catch (error) {
  if (!(error instanceof CodegenFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
