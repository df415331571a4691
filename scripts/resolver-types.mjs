/**
 * Makes the types of each subgraph's resolvers, src/resolvers/schema-types.ts, from its schema.graphql.
 *
 *   node scripts/resolver-types.mjs           writes the files that change
 *   node scripts/resolver-types.mjs --check   writes nothing; exits 1 when a file is not what would be written
 */
import { CodegenFailure } from './codegen/failure.mjs';
import { generateResolverTypes } from './codegen/resolver-types.mjs';
import { writeGenerated } from './codegen/write-generated.mjs';

async function generate() {
  const types = await generateResolverTypes();
  if (Object.keys(types).length === 0) throw new CodegenFailure('There is no subgraph to make types for.');
  return types;
}

await writeGenerated(generate, {
  upToDate: (count) => `The types of the resolvers of ${count} subgraphs are up to date`,
  inputs: 'schema.graphql and parents.ts',
});
