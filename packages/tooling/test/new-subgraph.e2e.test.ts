import { serviceNames } from '@shop/contracts';
import { chooseSize } from '@shop/testing/config';
import { type Checkout, type CheckoutSystem, copyCheckout } from './checkout.ts';

let checkout: Checkout;

beforeAll(async () => {
  checkout = await copyCheckout();
  await checkout.node('scripts/new-subgraph.mjs', 'review');
}, 600_000);
afterAll(() => checkout?.remove());

const checks: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['generated files', 'scripts/generate.mjs', '--check'],
  [
    'format',
    'node_modules/prettier/bin/prettier.cjs',
    '--check',
    'subgraphs/review',
    'e2e',
    'packages/contracts',
    'clients',
    '.vscode',
  ],
  // Both read the whole project: the long form only.
  ['types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['lint', 'node_modules/eslint/bin/eslint.js', 'subgraphs/review', 'packages/contracts', 'e2e/access-matrix.ts'],
];

test.each(checks.slice(0, chooseSize({ short: 2, long: checks.length })))(
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

test('a name that is taken is refused, and nothing is written', async () => {
  await expect(checkout.node('scripts/new-subgraph.mjs', 'review')).rejects.toThrow(
    /There is a subgraph "review" already/,
  );
  await expect(checkout.node('scripts/new-subgraph.mjs', 'Bad-Name')).rejects.toThrow(
    /"Bad-Name" cannot name a subgraph/,
  );
  await expect(checkout.node('scripts/new-subgraph.mjs', 'session')).rejects.toThrow(
    /The graph has a type Session already/,
  );
}, 600_000);

describe('the running system', () => {
  let system: CheckoutSystem;

  beforeAll(async () => {
    system = await checkout.startSystem('start', [...serviceNames, 'review']);
  }, 600_000);
  afterAll(() => system?.stop(), 60_000);

  test('answers for the new subgraph through the gateway, joined with the others', async () => {
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
});
