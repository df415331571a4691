/** The checks of `npm test` in their order: the name of the step, and what Node runs in the project's root. */
export const checks: Readonly<Record<string, readonly string[]>> = {
  generated: ['dist/tooling.js', 'generate', '--check'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  lines: ['dist/tooling.js', 'line-length'],
  types: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  lint: ['node_modules/eslint/bin/eslint.js', '.'],
  boundaries: ['dist/tooling.js', 'boundaries'],
  breaking: ['dist/shop.js', 'schema', 'check'],
  migrations: ['dist/shop.js', 'migrate', 'check'],
};
