/**
 * The checks of `npm test`, the longest first: the name of the step, and what Node runs in the project's root. They run side by side, so
 * none may write what another one reads.
 */
export const checks: Readonly<Record<string, readonly string[]>> = {
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  lint: ['node_modules/oxlint/bin/oxlint', '--format=unix'],
  types: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json'],
  schemas: ['node_modules/eslint/bin/eslint.js', '**/*.graphql'],
  generated: ['dist/tooling.js', 'generate', '--check'],
  lines: ['dist/tooling.js', 'line-length'],
  boundaries: ['dist/tooling.js', 'boundaries'],
  breaking: ['dist/shop.js', 'schema', 'check'],
  migrations: ['dist/shop.js', 'migrate', 'check'],
};
