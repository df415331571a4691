import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Runs the script over the checkout, or over a copy. */
function compose(directory: string, ...args: string[]) {
  return spawnSync(process.execPath, [path.resolve('scripts/compose.mjs'), ...args], {
    cwd: directory,
    encoding: 'utf8',
  });
}

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'compose-'));
  const needed = [
    'supergraph.yaml',
    'gateway/supergraph.graphql',
    ...['user', 'product', 'order'].map((name) => `subgraphs/${name}/schema.graphql`),
  ];
  for (const file of needed) cpSync(file, path.join(copy, file), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function change(file: string, from: string | RegExp, to: string): void {
  const target = path.join(copy, file);
  const before = readFileSync(target, 'utf8');
  writeFileSync(target, before.replace(from, to));
  expect(readFileSync(target, 'utf8')).not.toBe(before);
}

test('the committed supergraph is what the subgraphs compose to, without a hint', () => {
  expect(compose('.', '--check')).toMatchObject({
    status: 0,
    stderr: '',
    stdout: 'gateway/supergraph.graphql is up to date\n',
  });
});

test('a schema that was changed alone is noticed, and composing heals it', () => {
  change(
    'subgraphs/order/schema.graphql',
    'type Query {',
    'type Query {\n  "Whether anything works."\n  ping: Boolean\n',
  );
  expect(compose(copy, '--check')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('run `npm run compose`') as unknown,
  });
  expect(compose(copy)).toMatchObject({ status: 0, stdout: 'gateway/supergraph.graphql is written\n' });
  expect(compose(copy, '--check')).toMatchObject({ status: 0 });
});

test('what does not compose is told with its places, and nothing is written', () => {
  const before = readFileSync(path.join(copy, 'gateway/supergraph.graphql'), 'utf8');
  change('subgraphs/order/schema.graphql', 'type Money @shareable', 'type Money');
  const { status, stderr } = compose(copy);
  expect(status).toBe(1);
  expect(stderr).toMatch(/INVALID_FIELD_SHARING: .*Money.amount/);
  expect(stderr).toMatch(/subgraphs\/order\/schema.graphql:\d+:\d+/);
  expect(readFileSync(path.join(copy, 'gateway/supergraph.graphql'), 'utf8')).toBe(before);
});

test('a syntax error names its file and line', () => {
  change('subgraphs/user/schema.graphql', 'type Query {', 'type Query {{');
  expect(compose(copy)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^subgraphs\/user\/schema.graphql:\d+:\d+ Syntax Error/) as unknown,
  });
});
