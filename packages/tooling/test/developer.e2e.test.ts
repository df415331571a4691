import { serviceNames } from '@shop/contracts';
import { eventually } from '@shop/testing';
import { isLongRun } from '@shop/testing/config';
import { createSubgraph } from '../src/new-subgraph/new-subgraph.ts';
import { type Checkout, type CheckoutSystem, copyCheckout } from './checkout.ts';

const registerFile = 'subgraphs/user/src/resolvers/Mutation/register.ts';
const subgraphs = [...serviceNames, 'review'];
const programs = ['gateway', ...subgraphs];
const isLong = isLongRun();

let checkout: Checkout;
let system: CheckoutSystem;

/** One checkout for all tools, since a copy and its build cost more than the tests. */
beforeAll(async () => {
  checkout = await copyCheckout();
  await checkout.node('scripts/new-subgraph.mjs', 'review');
}, 600_000);
afterAll(async () => {
  await system?.stop();
  await checkout?.remove();
});

/** Each reads the whole project, or much of it. */
const longChecks: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['generated files', 'scripts/generate.mjs', '--check'],
  [
    'format',
    'node_modules/oxfmt/bin/oxfmt',
    '--check',
    'subgraphs/review',
    'e2e',
    'packages/contracts',
    'clients',
    '.vscode',
  ],
  ['types', 'node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json'],
  ['lint', 'node_modules/oxlint/bin/oxlint', 'subgraphs/review', 'packages/contracts', 'e2e/access-matrix.ts'],
  ['schemas', 'node_modules/eslint/bin/eslint.js', 'subgraphs/review/**/*.graphql', 'clients/operations/*.graphql'],
];

test('the files of the new subgraph are formatted', async () => {
  const files = ['subgraphs/review', 'packages/contracts/src', 'e2e/access-matrix.ts'];
  await checkout.node('node_modules/oxfmt/bin/oxfmt', '--check', ...files);
}, 600_000);

test.each([
  ['order', /There is a subgraph "order" already/],
  ['Bad-Name', /"Bad-Name" cannot name a subgraph/],
  ['session', /The graph has a type Session already/],
])('the name %s is refused', async (name, message) => {
  await expect(createSubgraph({ root: checkout.root, name })).rejects.toThrow(message);
});

if (isLong) {
  test.each(longChecks)(
    'the new files pass the check: %s',
    async (_name, program, ...args) => {
      expect(await checkout.node(program, ...args)).not.toMatch(/\berror\b/i);
    },
    600_000,
  );

  test('its own tests and the tests of the tables pass', async () => {
    await checkout.node(
      'scripts/test.mjs',
      'subgraphs/review',
      'packages/contracts/src',
      'e2e/access-matrix.unit.test.ts',
      'packages/tooling/test/editor.unit.test.ts',
    );
    const report = JSON.parse(checkout.read('node_modules/.cache/test-results.json')) as { passed: number };
    expect(report.passed).toBeGreaterThan(20);
  }, 600_000);
}

/** How often each program was started: every process writes one such line to its log. */
const countAllStarts = () =>
  programs.map((name) => [name, checkout.read(`.data/logs/${name}.log`).match(/"msg":"(relay )?ready"/g)?.length]);

/** Waits until these programs have started once more than before, and checks that no other one has. */
async function expectStarts(before: ReturnType<typeof countAllStarts>, restarted: readonly string[]): Promise<void> {
  const expected = before.map(([name, count]) => [name, Number(count) + (restarted.includes(String(name)) ? 1 : 0)]);
  await eventually(() => expect(countAllStarts()).toEqual(expected));
}

/** Registers the administrator's e-mail again. Returns the message of the refusal. */
async function registerTwice(): Promise<unknown> {
  const { register } = await system.anonymous.request<{ register: { message: string } }>(
    'mutation ($input: RegisterInput!) { register(input: $input) { ... on UserError { message } } }',
    { input: { email: system.admin.email, password: system.admin.password, name: 'Ada' } },
  );
  return register.message;
}

describe('npm run dev', () => {
  beforeAll(async () => {
    system = await checkout.startSystem('dev', subgraphs);
    await system.untilPrinted(/Watching for changes/);
    await eventually(() => expect(countAllStarts()).toEqual(programs.map((name) => [name, 1])));
  }, 600_000);

  test('the new subgraph answers through the gateway, joined with the others', async () => {
    const { login } = await system.anonymous.request<{ login: { tokens: { accessToken: string } } }>(
      'mutation ($input: LoginInput!) { login(input: $input) { ... on LoginSuccess { tokens { accessToken } } } }',
      { input: system.admin },
    );
    const administrator = system.anonymous.as(login.tokens.accessToken);
    const { createProduct } = await administrator.request<{ createProduct: { product: { id: string } } }>(
      `mutation {
        createProduct(input: { sku: "POT-1", name: "Teapot", price: { amount: 1999, currencyCode: "USD" } }) {
          ... on CreateProductSuccess { product { id } }
        }
      }`,
    );
    const { id } = createProduct.product;
    const written = await administrator.request(
      'mutation ($input: CreateReviewInput!) { createReview(input: $input) { __typename } }',
      { input: { productId: id, text: 'Just right.', idempotencyKey: '1' } },
    );
    expect(written).toEqual({ createReview: { __typename: 'CreateReviewSuccess' } });
    const answer = await administrator.request(
      'query ($id: ID!) { product(id: $id) { name reviews { totalCount nodes { text author { name } product { sku } } } } }',
      { id },
    );
    expect(answer).toEqual({
      product: {
        name: 'Teapot',
        reviews: {
          totalCount: 1,
          nodes: [{ text: 'Just right.', author: { name: 'Administrator' }, product: { sku: 'POT-1' } }],
        },
      },
    });
  });

  test('a change of a resolver is live after a restart of its subgraph only', async () => {
    const before = countAllStarts();
    checkout.change(registerFile, 'Another account has this e-mail.', 'This e-mail is taken.');
    const printed = await system.untilPrinted(/Changed: [^]*?Restarted .*: the change is live/);
    expect(printed).toContain('Restarted user:');
    // The making of the subgraph has generated all that it needs.
    expect(printed).not.toContain('Generated:');
    expect(await registerTwice()).toBe('This e-mail is taken.');
    await expectStarts(before, ['user']);
  });

  test('a syntax error is printed with its place, and the old process answers until the error is corrected', async () => {
    const [before, message] = [countAllStarts(), await registerTwice()];
    const correct = checkout.read(registerFile);
    const line = correct.split('\n').findIndex((text) => text.includes('switch (outcome.kind) {')) + 1;
    checkout.change(registerFile, 'switch (outcome.kind) {', 'switch outcome.kind {');
    await system.untilPrinted(new RegExp(`${registerFile}:${line}:\\d+:`));
    await system.untilPrinted(/user could not be bundled: the old process keeps running\./);
    expect(await registerTwice()).toBe(message);
    await expectStarts(before, []);
    checkout.write(registerFile, correct.replace(`'${String(message)}'`, "'Please sign in.'"));
    expect(await system.untilPrinted(/Restarted .*: the change is live/)).toContain('Restarted user:');
    expect(await registerTwice()).toBe('Please sign in.');
  });

  test('a debugger can attach to each service, 10000 above its port', async () => {
    const inspected = programs.map(async (name) => {
      const port = Number(system.ports[`${name.toUpperCase()}_PORT`]) + 10_000;
      const response = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await response.json()) as { url: string }[];
      return target?.url;
    });
    const bundles = programs.map((name) => expect.stringMatching(new RegExp(`/dist/${name}\\.js$`)));
    expect(await Promise.all(inspected)).toEqual(bundles);
  });

  if (isLong) {
    test('a change of a schema composes and generates, and the gateway answers with it', async () => {
      const before = countAllStarts();
      checkout.change(
        'subgraphs/product/schema.graphql',
        'type Query {',
        'type Query {\n  "The motto of the shop."\n  motto: String',
      );
      const generated = await system.untilPrinted(/Generated: .*\n/);
      expect(generated).toContain('gateway/supergraph.graphql');
      expect(generated).toContain('subgraphs/product/src/resolvers/schema-types.ts');
      expect(await system.untilPrinted(/Restarted .*: the change is live/)).toContain('Restarted gateway, product:');
      await expectStarts(before, ['gateway', 'product']);
      checkout.change(
        'subgraphs/product/src/resolvers/Query.ts',
        'export const Query = {',
        "$&\n  motto: () => 'Buy less.',",
      );
      expect(await system.untilPrinted(/Restarted .*: the change is live/)).toContain('Restarted product:');
      const { motto, __type: type } = await system.anonymous.request<{
        motto: string;
        __type: { fields: readonly { name: string; description: string }[] };
      }>('{ motto __type(name: "Query") { fields { name description } } }');
      expect(motto).toBe('Buy less.');
      expect(type.fields).toContainEqual({ name: 'motto', description: 'The motto of the shop.' });
    });

    test('an invalid schema is printed, and the old processes answer until it is corrected', async () => {
      const [before, schema] = [countAllStarts(), 'subgraphs/order/schema.graphql'];
      const correct = checkout.read(schema);
      checkout.change(schema, 'type Query {', 'type Query {\n  nothing: Missing');
      await system.untilPrinted(/Missing[^]*The old processes keep running until this is corrected\./);
      expect(await system.anonymous.request('{ me { id } }')).toEqual({ me: null });
      await expectStarts(before, []);
      checkout.write(schema, correct);
      expect(await system.untilPrinted(/Restarted .*: the change is live/)).toContain('Restarted order:');
      await expectStarts(before, ['order']);
    });

    test('a change of a database schema prints the command that writes its migration, until they agree again', async () => {
      const before = countAllStarts();
      const file = 'prisma/order/schema.prisma';
      const correct = checkout.read(file);
      checkout.write(file, correct.replace(/^model \w+ \{$/m, '$&\n  motto String?'));
      await system.untilPrinted(/No service was restarted\./);
      const advice = await system.untilPrinted(/prisma\/order\/schema\.prisma needs a migration.*\n/);
      expect(advice).toContain('`npm run shop -- migrate new order NAME`');
      checkout.write(file, correct);
      const after = await system.untilPrinted(/Changed: [^]*?prisma\/order agrees with its migrations\./);
      expect(after).not.toContain('needs a migration');
      await expectStarts(before, []);
    });

    test('a client sees the reason and the stack of an unexpected error', async () => {
      checkout.change(
        'subgraphs/product/src/resolvers/Query.ts',
        /category: .*,/,
        "category: () => { throw new TypeError('the categories are not loaded'); },",
      );
      await system.untilPrinted(/Restarted product: the change is live/);
      const { errors } = await system.anonymous.execute('{ category(slug: "x") { id } }');
      expect(errors).toMatchObject([
        {
          message: 'Something went wrong on our side.',
          extensions: { code: 'INTERNAL_SERVER_ERROR', reason: 'the categories are not loaded' },
        },
      ]);
      const stack = errors?.[0]?.extensions?.['stacktrace'] as readonly string[];
      expect(stack[0]).toBe('TypeError: the categories are not loaded');
      expect(stack.join('\n')).toContain('subgraphs/product/src/resolvers/Query.ts');
    });
  }
});
