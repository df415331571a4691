/**
 * The checks of `npm test`, the longest first: the name of the step, and what Node runs in the project's root. They run side by side, so
 * none may write what another one reads.
 */
export const checks: Readonly<Record<string, readonly string[]>> = {
  types: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json'],
  lint: ['node_modules/oxlint/bin/oxlint', '--format=unix'],
  boundaries: ['dist/tooling.js', 'boundaries'],
  generated: ['dist/tooling.js', 'generate', '--check'],
  format: ['node_modules/oxfmt/bin/oxfmt', '--check'],
  schemas: ['node_modules/eslint/bin/eslint.js', '**/*.graphql'],
  migrations: ['dist/shop.js', 'migrate', 'check'],
  breaking: ['dist/shop.js', 'schema', 'check'],
  lines: ['dist/tooling.js', 'line-length'],
};
