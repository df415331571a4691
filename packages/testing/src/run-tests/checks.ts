/**
 * The checks of `npm test`, the longest first: the name of the step, and what Node runs in the project's root. They run side by side, so
 * none may write what another one reads.
 */
export const checks: Readonly<Record<string, readonly string[]>> = {
  lint: ['node_modules/eslint/bin/eslint.js', '.'],
  types: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  generated: ['dist/tooling.js', 'generate', '--check'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  lines: ['dist/tooling.js', 'line-length'],
  boundaries: ['dist/tooling.js', 'boundaries'],
  breaking: ['dist/shop.js', 'schema', 'check'],
  migrations: ['dist/shop.js', 'migrate', 'check'],
};
