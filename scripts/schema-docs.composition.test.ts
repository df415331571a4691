import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'schema-docs-'));
  for (const file of ['gateway/supergraph.graphql', 'docs/schema'])
    cpSync(file, path.join(copy, file), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

const write = (...args: string[]) =>
  spawnSync(process.execPath, [path.resolve('scripts/schema-docs.mjs'), ...args], { cwd: copy, encoding: 'utf8' });
const page = (name: string) => readFileSync(path.join(copy, 'docs/schema', name), 'utf8');

test('the committed reference is what the supergraph gives', () => {
  expect(write('--check')).toMatchObject({ status: 0, stderr: '', stdout: 'docs/schema is up to date\n' });
});

test('a description that was changed, and a page that is none, are noticed, and writing heals it', () => {
  const file = path.join(copy, 'gateway/supergraph.graphql');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"""The signed-in user; null', '"""Whoever | <b>asks</b>; null'),
  );
  writeFileSync(path.join(copy, 'docs/schema/old.md'), 'Old.');
  const { status, stderr } = write('--check');
  expect([status, stderr]).toEqual([1, expect.stringContaining('It differs in old.md, queries.md.')]);
  expect(write()).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('docs/schema/old.md is removed') as unknown,
  });
  expect(write('--check').status).toBe(0);
  expect(page('queries.md')).toContain('Whoever \\| \\<b>asks\\</b>; null');
});

test('who may ask stands with it, and links lead somewhere', () => {
  expect(page('queries.md')).toMatch(
    /## orders\n\n.*\n\nReturns \[OrderConnection\]\(objects\.md#orderconnection\)!\. Needs: scope `order:read`\./,
  );
  expect(page('mutations.md')).toMatch(/## placeOrder\n\n.*\n\nReturns .* Needs: signed in\./);
  expect(page('objects.md')).toMatch(
    /\| `inventory` \| \[Inventory\]\(objects\.md#inventory\) \| .* Needs: scope `inventory:read`\. \|/,
  );
  for (const name of ['README.md', 'queries.md', 'mutations.md', 'objects.md', 'unions.md', 'inputs.md', 'enums.md']) {
    for (const [, file = '', anchor] of page(name).matchAll(/\]\(([\w.]+\.md)(?:#(\w+))?\)/g)) {
      expect(existsSync(path.join(copy, 'docs/schema', file))).toBe(true);
      if (anchor !== undefined) expect(page(file).toLowerCase()).toContain(`\n## ${anchor}\n`);
    }
  }
});
