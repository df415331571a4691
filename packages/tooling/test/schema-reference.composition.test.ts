import { existsSync } from 'node:fs';
import path from 'node:path';
import { copyProject, type ProjectCopy } from './project-copy.ts';

let copy: ProjectCopy;
beforeEach(() => {
  copy = copyProject(['gateway/supergraph.graphql', 'docs/schema']);
});
afterEach(() => copy.remove());

const readPage = (name: string) => copy.read(`docs/schema/${name}`);

test('the committed reference matches the supergraph', async () => {
  expect(await copy.findStale('schema reference')).toEqual([]);
});

test('detects a changed description and an unexpected page, and repairs both', async () => {
  copy.change('gateway/supergraph.graphql', /The signed-in user; null[^"]*/, 'The <b>viewer</b>.');
  copy.write('docs/schema/old.md', 'Old.');
  const stale = ['docs/schema/old.md', 'docs/schema/queries.md'];
  expect(await copy.findStale('schema reference')).toEqual(stale);
  expect(await copy.generate('schema reference')).toEqual(stale);
  expect(existsSync(path.join(copy.root, 'docs/schema/old.md'))).toBe(false);
  expect(await copy.findStale('schema reference')).toEqual([]);
  expect(readPage('queries.md')).toContain('The \\<b>viewer\\</b>.');
});

test('shows the access rules, and links to existing sections', () => {
  expect(readPage('queries.md')).toMatch(
    /## orders\n\n[^#]*\n\nReturns\s\[OrderConnection\]\(objects\.md#orderconnection\)!\.\sNeeds:\sscope\s`order:read`\./,
  );
  expect(readPage('mutations.md')).toMatch(/## placeOrder\n\n[^#]*\n\nReturns\s\S+\sNeeds:\ssigned\sin\./);
  expect(readPage('objects.md')).toMatch(
    /- `inventory`:\s\[Inventory\]\(objects\.md#inventory\)[^`]*\sNeeds:\sscope\s`inventory:read`\./,
  );
  for (const name of ['README.md', 'queries.md', 'mutations.md', 'objects.md', 'unions.md', 'inputs.md', 'enums.md']) {
    const links = [...readPage(name).matchAll(/\]\(([\w.]+\.md)(?:#(\w+))?\)/g)];
    expect(links.length + (name === 'enums.md' ? 1 : 0)).toBeGreaterThan(0);
    for (const [, file = '', anchor] of links) {
      expect(existsSync(path.join(copy.root, 'docs/schema', file))).toBe(true);
      if (anchor !== undefined) expect(readPage(file).toLowerCase()).toContain(`\n## ${anchor}\n`);
    }
  }
});
