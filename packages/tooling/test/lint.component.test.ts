import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryDirectory } from '@shop/testing';

/** Lints one text after the other, as `{ file, text }` on a line, so that ESLint is loaded once. */
const server = `
  import { createInterface } from 'node:readline';
  import { ESLint } from 'eslint';
  const eslint = new ESLint();
  for await (const line of createInterface({ input: process.stdin })) {
    const { file, text } = JSON.parse(line);
    const [result] = await eslint.lintText(text, { filePath: file });
    console.log(JSON.stringify((result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)));
  }
`;
let linter: ChildProcessWithoutNullStreams;
let answers: AsyncIterator<string>;
beforeAll(() => {
  linter = spawn(process.execPath, ['--input-type=module', '--eval', server]);
  linter.stderr.pipe(process.stderr);
  answers = createInterface({ input: linter.stdout })[Symbol.asyncIterator]();
});
afterAll(() => {
  linter.stdin.end();
});

/** The rules that a text breaks when the file contains it. */
async function rulesBroken(file: string, text: string): Promise<string[]> {
  linter.stdin.write(`${JSON.stringify({ file, text })}\n`);
  const { value, done } = await answers.next();
  if (done) throw new Error('ESLint ended.');
  return JSON.parse(value) as string[];
}

/** Files that break rules, in a project with the configuration of this one. */
const files = {
  'gateway/src/context.ts': `import { env } from 'node:process';
export const port = process.env['PORT'] ?? env['PORT'];
export const later = async () => 1;
later();
export const both = (schema: { and(other: unknown): unknown }) => schema.and(1);
// oxlint-disable-next-line no-var
export const fine = 1;
`,
  'gateway/src/config.ts': `import { env } from 'node:process';
export const port = process.env['PORT'] ?? env['PORT'];
`,
  'cli/src/print.ts': "console.log('printed');\n",
  'scripts/old.mjs': 'var old = 1;\nexport default old == 2;\n',
};

test('rules for TypeScript and JavaScript are those of each folder', async () => {
  const project = await temporaryDirectory();
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.join(project.path, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(project.path, file), text);
    }
    for (const file of ['.oxlintrc.json', 'tsconfig.base.json', 'tsconfig.json'])
      copyFileSync(file, path.join(project.path, file));
    symlinkSync(path.resolve('node_modules'), path.join(project.path, 'node_modules'));
    const oxlint = path.resolve('node_modules/oxlint/bin/oxlint');
    const { stdout, status } = spawnSync(process.execPath, [oxlint, '--format=json'], {
      cwd: project.path,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { filename: string; code?: string; message: string }[];
    };
    expect(diagnostics.map(({ filename, code, message }) => `${filename}: ${code ?? message}`).sort()).toEqual([
      'gateway/src/context.ts: Unused oxlint-disable directive (no problems were reported).',
      'gateway/src/context.ts: eslint(no-restricted-imports)',
      'gateway/src/context.ts: eslint(no-restricted-properties)',
      'gateway/src/context.ts: eslint(no-restricted-properties)',
      'gateway/src/context.ts: typescript(no-floating-promises)',
      'scripts/old.mjs: eslint(eqeqeq)',
      'scripts/old.mjs: eslint(no-var)',
    ]);
  } finally {
    await project.remove();
  }
});

describe('rules for the subgraphs’ schemas', () => {
  const planted = (subgraph: string, from: string | RegExp, to: string): Promise<string[]> => {
    const file = `subgraphs/${subgraph}/schema.graphql`;
    const before = readFileSync(file, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${file} has no ${from}.`);
    return rulesBroken(file, after);
  };

  test.each([
    [
      'a field without a description',
      'order',
      'type Order @key(fields: "id") {',
      'type Order @key(fields: "id") {\n  weight: Int',
    ],
    ['a query without a description', 'user', 'type Query {', 'type Query {\n  they: User'],
    ['a type without a description', 'product', 'scalar MinorUnits', 'scalar MinorUnits\nscalar Weight'],
    ['a value without a description', 'product', 'enum SortDirection {', 'enum SortDirection {\n  NONE'],
    [
      'a field of an input without a description',
      'user',
      'input LoginInput {',
      'input LoginInput {\n  captcha: String',
    ],
  ])('%s is reported', async (_name, subgraph, from, to) => {
    expect(await planted(subgraph, from, to)).toEqual(['graph/described']);
  });

  test.each([
    [
      'with arguments beside input',
      'cancelOrder(input: CancelOrderInput!)',
      'cancelOrder(input: CancelOrderInput!, now: Boolean)',
    ],
    [
      'with an argument of another name',
      'cancelOrder(input: CancelOrderInput!)',
      'cancelOrder(order: CancelOrderInput!)',
    ],
    ['with an input that may be null', 'cancelOrder(input: CancelOrderInput!)', 'cancelOrder(input: CancelOrderInput)'],
    ['with another’s input', 'cancelOrder(input: CancelOrderInput!)', 'cancelOrder(input: PayOrderInput!)'],
    ['that returns no union', /cancelOrder\((.*)\): CancelOrderResult!/, 'cancelOrder($1): Order!'],
    ['that may return null', /cancelOrder\((.*)\): CancelOrderResult!/, 'cancelOrder($1): CancelOrderResult'],
    [
      'whose success is not the first',
      'CancelOrderResult = CancelOrderSuccess | InvalidInput',
      'CancelOrderResult = InvalidInput | CancelOrderSuccess',
    ],
    [
      'one of whose failures is none',
      'CancelOrderResult = CancelOrderSuccess |',
      'CancelOrderResult = CancelOrderSuccess | Order |',
    ],
  ])('a mutation %s is reported', async (_name, from, to) => {
    expect(new Set(await planted('order', from, to))).toEqual(new Set(['graph/mutation-pattern']));
  });

  test('a non-nullable field from another subgraph is reported, and so is one that is added to its entity', async () => {
    expect(await planted('order', 'customer: User', 'customer: User!')).toEqual(['graph/foreign-is-nullable']);
    expect(await planted('order', 'product: Product', 'product: [Product!]!')).toEqual(['graph/foreign-is-nullable']);
    expect(
      await planted('order', /filter: OrderFilter\): OrderConnection\n/, 'filter: OrderFilter): OrderConnection!\n'),
    ).toEqual(['graph/foreign-is-nullable']);
  });

  test('@requires on a field with arguments is reported', async () => {
    const field = (args: string) =>
      `type User @key(fields: "id") {\n  "Its own."\n  label${args}: String @requires(fields: "id")`;
    expect(await planted('order', 'type User @key(fields: "id") {', field(''))).toEqual([]);
    expect(await planted('order', 'type User @key(fields: "id") {', field('(short: Boolean)'))).toEqual([
      'graph/requires-without-arguments',
    ]);
  });

  test('a deprecation without a reason and a name in another style are reported', async () => {
    expect(await planted('order', 'number: String!', 'number: String! @deprecated')).toEqual([
      '@graphql-eslint/require-deprecation-reason',
    ]);
    expect(await planted('order', 'trackingNumber: String', 'tracking_number: String')).toContain(
      '@graphql-eslint/naming-convention',
    );
  });
});

test.each([
  ['asks for an unknown field', 'query Planted { me { id shoeSize } }', '@graphql-eslint/fields-on-correct-type'],
  ['has the name of another', 'query ProductPage { me { id } }', '@graphql-eslint/unique-operation-name'],
  ['has no name', '{ me { id } }', '@graphql-eslint/no-anonymous-operations'],
  [
    'gives a variable of another type',
    'query Planted($id: Int!) { product(id: $id) { id } }',
    '@graphql-eslint/variables-in-allowed-position',
  ],
])('a client’s operation that %s is reported', async (_name, text, rule) => {
  expect(await rulesBroken('clients/operations/account.graphql', text)).toContain(rule);
});
