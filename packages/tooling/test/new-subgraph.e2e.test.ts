import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { serviceNames } from '@shop/contracts';
import { freePort } from '@shop/stack';
import { chooseSize } from '@shop/testing/config';

const run = promisify(execFile);
const root = process.cwd();

let project: string;

/** Runs a program of Node in the copy. The error of one that fails has all of its output. */
async function node(...args: string[]): Promise<string> {
  // Jest sets NODE_OPTIONS and NODE_ENV for itself.
  const { NODE_OPTIONS: _options, NODE_ENV: _env, JEST_WORKER_ID: _worker, ...env } = process.env;
  return run(process.execPath, args, { cwd: project, env, maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string; stderr?: string; message: string }) => {
      throw new Error(`${error.message}\n${error.stdout ?? ''}\n${error.stderr ?? ''}`);
    },
  );
}

/** A copy of the project, with the dependencies as hard links: they are 900 MB. */
async function copyProject(): Promise<string> {
  const copy = await mkdtemp(path.join(tmpdir(), 'new-subgraph-'));
  const skipped = new Set(['.git', '.data', 'node_modules', 'coverage'].map((name) => path.join(root, name)));
  await cp(root, copy, { recursive: true, filter: (source) => !skipped.has(source) });
  const [from, to] = [path.join(root, 'node_modules'), path.join(copy, 'node_modules')];
  await run('cp', ['-al', from, to]).catch(() => run('cp', ['-a', from, to]));
  // npm writes these in place, and must not write into the original.
  for (const name of ['.package-lock.json', '.cache']) {
    await rm(path.join(to, name), { recursive: true, force: true });
    await cp(path.join(from, name), path.join(to, name), { recursive: true });
  }
  return copy;
}

beforeAll(async () => {
  project = await copyProject();
  await node('scripts/new-subgraph.mjs', 'review');
}, 600_000);
afterAll(() => rm(project, { recursive: true, force: true }));

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
  ],
  // Both read the whole project: the long form only.
  ['types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['lint', 'node_modules/eslint/bin/eslint.js', 'subgraphs/review', 'packages/contracts', 'e2e/access-matrix.ts'],
];

test.each(checks.slice(0, chooseSize({ short: 2, long: checks.length })))(
  'the new files pass the check: %s',
  async (_name, program, ...args) => {
    expect(await node(program, ...args)).not.toMatch(/\berror\b/i);
  },
  600_000,
);

test('its own tests and the tests of the tables pass', async () => {
  await node('scripts/test.mjs', 'subgraphs/review', 'packages/contracts/src', 'e2e/access-matrix.unit.test.ts');
  const report = JSON.parse(await readFile(path.join(project, 'node_modules/.cache/jest-results.json'), 'utf8')) as {
    numPassedTests: number;
  };
  expect(report.numPassedTests).toBeGreaterThan(20);
}, 600_000);

test('a name that is taken is refused, and nothing is written', async () => {
  await expect(node('scripts/new-subgraph.mjs', 'review')).rejects.toThrow(/There is a subgraph "review" already/);
  await expect(node('scripts/new-subgraph.mjs', 'Bad-Name')).rejects.toThrow(/"Bad-Name" cannot name a subgraph/);
  await expect(node('scripts/new-subgraph.mjs', 'session')).rejects.toThrow(/The graph has a type Session already/);
}, 600_000);

describe('the running system', () => {
  const email = 'admin@example.com';
  const password = 'correct horse battery staple';
  let system: ChildProcess;
  let url: string;

  // The stack of this process would not know the new subgraph: it has loaded the table of services of the original.
  beforeAll(async () => {
    const names = [...serviceNames, 'review', 'gateway', 'postgres', 'nats'].map(
      (name) => `${name.toUpperCase()}_PORT`,
    );
    const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])));
    const { NODE_OPTIONS: _options, NODE_ENV: _env, ...env } = process.env;
    system = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: project,
      env: { ...env, ...ports, SEED: 'none', ADMIN_EMAIL: email, ADMIN_PASSWORD: password },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    url = await new Promise((resolve, reject) => {
      let output = '';
      for (const stream of [system.stdout, system.stderr]) {
        stream?.setEncoding('utf8').on('data', (chunk: string) => {
          output += chunk;
          const found = /GraphQL endpoint: (\S+)/.exec(output)?.[1];
          if (found !== undefined) resolve(found);
        });
      }
      system.once('exit', () => reject(new Error(`The system did not start.\n${output}`)));
    });
  }, 300_000);
  afterAll(async () => {
    if (system?.exitCode !== null) return;
    system.kill('SIGTERM');
    await once(system, 'exit');
  }, 60_000);

  async function ask(query: string, token?: string): Promise<{ data: Record<string, unknown>; errors?: unknown }> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { data: Record<string, unknown> };
  }

  test('answers for the new subgraph through the gateway, joined with the others', async () => {
    const { data: signedIn } = await ask(
      `mutation { login(input: { email: "${email}", password: "${password}" }) { ... on LoginSuccess { tokens { accessToken } } } }`,
    );
    const { tokens } = signedIn['login'] as { tokens: { accessToken: string } };
    const { data: created } = await ask(
      `mutation {
        createProduct(input: { sku: "POT-1", name: "Teapot", price: { amount: 1999, currencyCode: "USD" } }) {
          ... on CreateProductSuccess { product { id } }
        }
      }`,
      tokens.accessToken,
    );
    const { product } = created['createProduct'] as { product: { id: string } };
    const { data: written } = await ask(
      `mutation { createReview(input: { productId: "${product.id}", text: "Just right.", idempotencyKey: "1" }) { __typename } }`,
      tokens.accessToken,
    );
    expect(written).toEqual({ createReview: { __typename: 'CreateReviewSuccess' } });
    const answer = await ask(
      `{ product(id: "${product.id}") { name reviews { totalCount nodes { text author { name } product { sku } } } } }`,
      tokens.accessToken,
    );
    expect(answer).toEqual({
      data: {
        product: {
          name: 'Teapot',
          reviews: {
            totalCount: 1,
            nodes: [{ text: 'Just right.', author: { name: 'Administrator' }, product: { sku: 'POT-1' } }],
          },
        },
      },
    });
  }, 60_000);
});
