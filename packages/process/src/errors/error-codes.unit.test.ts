import { readFileSync } from 'node:fs';
import { errorCodes, isExposedCode } from './error-codes.ts';

test('only the code of unexpected errors is masked', () => {
  expect(Object.keys(errorCodes).filter((code) => !isExposedCode(code))).toEqual(['INTERNAL_SERVER_ERROR']);
});

test.each([undefined, null, 'P2002', 'toString', '__proto__', 7])('%s is not a code of the registry', (code) => {
  expect(isExposedCode(code)).toBe(false);
});

test.each(Object.entries(errorCodes))('%s has a text, a meaning and a sensible status', (_code, definition) => {
  expect(definition.message).not.toBe('');
  expect(definition.meaning).toMatch(/\.$/);
  if (definition.status !== undefined) expect([200, ...range(400, 505)]).toContain(definition.status);
});

test('docs/errors.md lists each code with its status and meaning, in this order', () => {
  const rows = readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(\w+)` +\| (\d+) +\| (.+?) +\|$/gm);
  expect([...rows].map(([, ...cells]) => cells)).toEqual(
    Object.entries(errorCodes).map(([code, { status, meaning }]) => [code, String(status ?? 200), meaning]),
  );
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
