/**
 * Makes what clients/typescript has of the graph: the schema that clients see, the types and documents of
 * clients/operations, and the manifest of persisted operations.
 *
 *   node scripts/codegen.mjs           writes the files that change
 *   node scripts/codegen.mjs --check   writes nothing; exits 1 when a file is not what would be written
 */
import { readFileSync } from 'node:fs';
import { printApiSchema, readApiSchema } from './codegen/api-schema.mjs';
import { manifestOf } from './codegen/manifest.mjs';
import { generateDocuments } from './codegen/documents.mjs';
import { generateTypes } from './codegen/types.mjs';
import { readOperations } from './codegen/read-operations.mjs';
import { writeGenerated } from './codegen/write-generated.mjs';

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

await writeGenerated(generate, {
  upToDate: () => `${client} is up to date with ${supergraph} and ${operations}`,
  inputs: `${supergraph} and ${operations}`,
});
