import { spawnSync } from 'node:child_process';

/** The rules that a text breaks when it stands in the file. */
function rulesBroken(file: string, text: string): string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/eslint/bin/eslint.js', '--stdin', '--stdin-filename', file, '--format', 'json'],
    { input: text, encoding: 'utf8' },
  );
  if (stderr !== '') throw new Error(stderr);
  const [result] = JSON.parse(stdout) as { messages: { ruleId: string }[] }[];
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

const reads = "import { env } from 'node:process';\nexport const port = process.env['PORT'] ?? env['PORT'];\n";

test('the environment is read in config.ts only', () => {
  expect(rulesBroken('gateway/src/context.ts', reads)).toEqual(['no-restricted-imports', 'no-restricted-properties']);
  expect(rulesBroken('gateway/src/config.ts', reads)).toEqual([]);
});

test('a promise that nobody waits for is noticed', () => {
  expect(rulesBroken('gateway/src/context.ts', 'export const later = async () => 1;\nlater();\n')).toEqual([
    '@typescript-eslint/no-floating-promises',
  ]);
});
