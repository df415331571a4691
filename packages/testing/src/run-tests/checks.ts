/** The checks of `npm test` in their order: the name of the step, and what Node runs in the project's root. */
export const checks: Readonly<Record<string, readonly string[]>> = {
  resolvers: ['scripts/resolver-types.mjs', '--check'],
  types: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  lint: ['node_modules/eslint/bin/eslint.js', '.'],
  boundaries: ['scripts/boundaries.mjs'],
  supergraph: ['scripts/compose.mjs', '--check'],
  client: ['scripts/codegen.mjs', '--check'],
  breaking: ['dist/shop.js', 'schema', 'check'],
  reference: ['scripts/schema-docs.mjs', '--check'],
  migrations: ['dist/shop.js', 'migrate', 'check'],
};
