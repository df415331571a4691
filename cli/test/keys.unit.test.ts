import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from './run-command.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'keys-'));
const file = path.join(directory, 'keys.json');
beforeEach(() =>
  writeFileSync(file, JSON.stringify([{ kty: 'OKP', crv: 'Ed25519', kid: 'old', x: 'public', d: 'private' }])),
);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const keys = (...args: string[]) => runCommand(['keys', ...args, '--file', file]);

test('lists keys without their private parts', async () => {
  const { code, stdout } = await keys('list');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^KEY +NOW +SIGNS FROM +SHOWN UNTIL\nold +signs +- +-\n$/);
  expect(JSON.parse((await keys('list', '--json')).stdout)).toEqual([
    { id: 'old', state: 'signs', signsFrom: null, shownUntil: null },
  ]);
});

test('rotates keys once, and rejects a second rotation while the first is under way', async () => {
  const rotated = await keys('rotate');
  expect(rotated).toMatchObject({ code: 0, stderr: '' });
  expect(rotated.stdout).toMatch(/\n\w{16} +announced .*\nold +signs /);
  expect(await keys('rotate')).toMatchObject({ code: 1, stdout: '' });
});

test('replaces all keys', async () => {
  const replaced = JSON.parse((await keys('replace', '--json')).stdout) as { id: string; state: string }[];
  expect(replaced).toMatchObject([{ state: 'signs' }]);
  expect(readFileSync(file, 'utf8')).not.toContain('"old"');
});

test('reports a file that has no keys', async () => {
  writeFileSync(file, '{}');
  expect(await keys('list')).toMatchObject({ code: 1, stdout: '' });
  expect(await runCommand(['keys', 'list', '--file', 'missing.json'])).toMatchObject({ code: 3, stdout: '' });
});
