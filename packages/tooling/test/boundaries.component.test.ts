import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const { forbidden } = createRequire(path.resolve('package.json'))('./.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
};

/** A small checkout that has each allowed import once. */
const allowed: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'root',
    devDependencies: {
      '@prisma/client': '*',
      nats: '*',
      '@opentelemetry/otlp-transformer': '*',
      '@shop/process': '*',
      '@shop/contracts': '*',
      '@shop/testing': '*',
    },
  }),
  'node_modules/nats/package.json': '{"name":"nats","main":"index.js"}',
  'node_modules/nats/index.js': '',
  'node_modules/@opentelemetry/otlp-transformer/package.json': '{"name":"@opentelemetry/sdk-trace","main":"index.js"}',
  'node_modules/@opentelemetry/otlp-transformer/index.js': '',
  'node_modules/left-pad/package.json': '{"name":"left-pad","main":"index.js"}',
  'node_modules/left-pad/index.js': '',
  'node_modules/@prisma/client/package.json': '{"name":"@prisma/client","main":"index.js"}',
  'node_modules/@prisma/client/index.js': '',
  'packages/contracts/package.json': '{"name":"@shop/contracts","exports":"./src/index.ts"}',
  'packages/contracts/src/index.ts': 'export const contract = 1;',
  'packages/graphql/src/index.ts': 'export const graphql = 1;',
  'packages/messaging/src/index.ts': "import 'nats';",
  'packages/process/package.json': '{"name":"@shop/process","exports":"./src/index.ts"}',
  'packages/process/src/index.ts': 'export const process = 1;',
  'packages/process/src/telemetry/tracing/tracing-sdk.cjs': "require('@opentelemetry/otlp-transformer');",
  'packages/testing/package.json': '{"name":"@shop/testing","exports":"./src/index.ts"}',
  'packages/testing/src/index.ts': "import '@shop/process';",
  'packages/migrations/src/index.ts': "import '@prisma/client';",
  'gateway/src/server.ts': "import '@shop/process';",
  'gateway/src/signing/index.ts': "import '../server.ts';",
  'examples/hive-gateway/gateway.config.ts': "import '../../gateway/src/signing/index.ts';",
  'clients/typescript/src/main.ts': "import '@shop/process';",
  'cli/src/index.ts': "import '../../packages/migrations/src/index.ts';",
  'subgraphs/user/src/server.ts': 'export const user = 1;',
  'subgraphs/order/src/server.ts':
    "import './context.ts'; import './resolvers/Order.ts'; import './events/consume.ts';",
  'subgraphs/order/src/context.ts': "import './db/orders.ts'; export type Context = object;",
  'subgraphs/order/src/resolvers/Order.ts':
    "import type { Row } from '../db/orders.ts'; import '../use-cases/place.ts'; export type A = Row;",
  'subgraphs/order/src/events/consume.ts': "import '../use-cases/place.ts';",
  'subgraphs/order/src/use-cases/place.ts':
    "import '../domain/order.ts'; import '../db/orders.ts'; import '@shop/contracts';",
  'subgraphs/order/src/use-cases/place.unit.test.ts': "import '@shop/testing'; import './place.ts';",
  'subgraphs/order/src/db/orders.ts':
    "import './generated/client.ts'; import '../domain/order.ts'; export type Row = object;",
  'subgraphs/order/src/db/generated/client.ts': "import '@prisma/client';",
  'subgraphs/order/src/domain/order.ts': "import './status.ts';",
  'subgraphs/order/src/domain/status.ts': 'export const status = 1;',
};

/** One file for each rule, which breaks that rule and no other. */
const violations: Record<string, Record<string, string>> = {
  'no-cycle': { 'gateway/src/a.ts': "import './b.ts';", 'gateway/src/b.ts': "import './a.ts';" },
  'no-unresolvable': { 'gateway/src/bad.ts': "import './nowhere.ts';" },
  'declared-in-package': { 'gateway/src/bad.ts': "import 'left-pad';" },
  'not-to-test': { 'subgraphs/order/src/bad.ts': "import './use-cases/place.unit.test.ts';" },
  'testing-only-in-tests': { 'gateway/src/bad.ts': "import '@shop/testing';" },
  'gateway-to-subgraph': { 'gateway/src/bad.ts': "import '../../subgraphs/order/src/domain/order.ts';" },
  'subgraph-to-subgraph': {
    'subgraphs/user/src/bad.ts': "import type { Row } from '../../order/src/db/orders.ts'; export type A = Row;",
  },
  'subgraph-to-gateway': { 'subgraphs/user/src/bad.ts': "import '../../../gateway/src/server.ts';" },
  'package-to-service': { 'packages/process/src/bad.ts': "import '../../../subgraphs/user/src/server.ts';" },
  'service-to-program': { 'gateway/src/bad.ts': "import '../../cli/src/index.ts';" },
  'program-to-service': { 'cli/src/bad.ts': "import '../../gateway/src/server.ts';" },
  'example-to-internals': { 'examples/hive-gateway/bad.ts': "import '../../gateway/src/server.ts';" },
  'client-to-database': { 'clients/typescript/src/bad.ts': "import '../../../packages/migrations/src/index.ts';" },
  'contracts-to-ours': { 'packages/contracts/src/bad.ts': "import '@shop/process';" },
  'process-without-graphql': { 'packages/process/src/bad.ts': "import '../../graphql/src/index.ts';" },
  'tracing-sdk-in-one-file': { 'gateway/src/bad.ts': "import '@opentelemetry/otlp-transformer';" },
  'messaging-to-ours': { 'packages/messaging/src/bad.ts': "import '@shop/process';" },
  'domain-is-pure': { 'subgraphs/order/src/domain/bad.ts': "import 'node:crypto';" },
  'resolver-to-db': { 'subgraphs/order/src/resolvers/bad.ts': "import '../db/orders.ts';" },
  'use-case-upwards': {
    'subgraphs/order/src/use-cases/bad.ts': "import type { Context } from '../context.ts'; export type A = Context;",
  },
  'db-upwards': { 'subgraphs/order/src/db/bad.ts': "import '../use-cases/place.ts';" },
  'prisma-only-in-db': { 'subgraphs/order/src/use-cases/bad.ts': "import '../db/generated/client.ts';" },
  'nats-only-in-messaging': {
    'subgraphs/order/src/events/bad.ts': "import type { Msg } from 'nats'; export type A = Msg;",
  },
};

const roots: string[] = [];
afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })));

function check(...files: Record<string, string>[]) {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'boundaries-')));
  roots.push(root);
  for (const [file, text] of files.flatMap((part) => Object.entries(part))) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  mkdirSync(path.join(root, 'node_modules/@shop'), { recursive: true });
  for (const name of ['contracts', 'process', 'testing']) {
    if (files[0] === allowed) symlinkSync(`../../packages/${name}`, path.join(root, 'node_modules/@shop', name));
  }
  const { status, stderr, stdout } = spawnSync(process.execPath, ['dist/tooling.js', 'boundaries', '--root', root], {
    encoding: 'utf8',
  });
  return {
    status,
    found: [...stderr.matchAll(/^([a-z-]+): (\S+)/gm)].map(([, rule, from]) => [rule, from] as const),
    stderr,
    stdout,
  };
}

test('accepts allowed imports, and sees every file', () => {
  expect(check(allowed)).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/^boundaries: 23 modules/) as unknown,
  });
});

test('reports each planted violation by its rule', () => {
  expect(Object.keys(violations).sort()).toEqual(forbidden.map(({ name }) => name).sort());
});

describe('a tree with all violations', () => {
  const planted = Object.entries(violations).flatMap(([rule, files]) =>
    // The files of different rules must not overlap.
    Object.entries(files).map(([file, text]) => [file.replace('bad.ts', `${rule}.ts`), text] as const),
  );
  let result: ReturnType<typeof check>;
  beforeAll(() => {
    result = check(allowed, Object.fromEntries(planted));
  });

  test('fails', () => expect(result.status).toBe(1));

  test.each(Object.entries(violations))('reports %s, in its file', (rule, files) => {
    const expected = Object.keys(files).map((file) => file.replace('bad.ts', `${rule}.ts`));
    expect(result.found.filter(([name]) => name === rule).map(([, from]) => from)).toEqual(
      expect.arrayContaining(expected.slice(0, 1)),
    );
    // No file is reported for another reason than its planted one.
    expect(result.found.filter(([name, from]) => expected.includes(String(from)) && name !== rule)).toEqual([]);
  });
});

test('a check that sees no files fails', () => {
  expect(check({ 'gateway/README.md': '' })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('no module at all') as unknown,
  });
});
