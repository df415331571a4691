import path from 'node:path';
import type { SkippedTest } from './run-jest.ts';

interface AllowedSkip {
  /** Relative to the root. */
  readonly file: string;
  /** Matches the titles that may be skipped. */
  readonly title: RegExp;
  readonly reason: string;
}

const withoutHivePlanner = {
  title: /\(skipped: the package of Hive’s planner cannot be loaded\)$/,
  reason: 'Hive’s planner has native code for Linux with glibc and for macOS only',
};

/** The tests that a machine may skip. `npm test` fails when any other test is skipped. */
const allowedSkips: readonly AllowedSkip[] = [
  ...[
    'gateway/test/account-pages.component.test.ts',
    'gateway/test/graphiql.component.test.ts',
    'gateway/test/subscriptions/sse.component.test.ts',
    'clients/codegen/test/codegen.e2e.test.ts',
  ].map((file) => ({
    file,
    title: /\(skipped: no Chromium was found; set CHROMIUM_BIN\)/,
    reason: 'there is no Chromium on this machine; set CHROMIUM_BIN',
  })),
  {
    file: 'e2e/other-gateways.e2e.test.ts',
    title: /^Hive Gateway .*\(skipped: the packages of examples\/hive-gateway are not installed\)/,
    reason: 'Hive Gateway is not installed: npm --prefix examples/hive-gateway ci',
  },
  {
    file: 'e2e/outside.e2e.test.ts',
    title: /\(skipped: no network namespace can be made\)$/,
    reason: 'only root on Linux can make a network namespace',
  },
  {
    file: 'e2e/kubernetes.component.test.ts',
    title: /\(skipped: no kubectl 1\.28 or later was found\)/,
    reason: 'there is no kubectl 1.28 or later on this machine',
  },
  {
    file: 'e2e/cluster.e2e.test.ts',
    title: /\(skipped: (it needs Linux|no network namespace can be made)\)$/,
    reason: 'only root on Linux can make a network namespace',
  },
  ...['cluster', 'growth', 'restore-drill', 'two-of-each'].map((name) => ({
    file: `e2e/${name}.e2e.test.ts`,
    title: /\(skipped: only in npm run test:long\)$/,
    reason: 'it takes minutes: npm run test:long runs it',
  })),
  ...['answer-prepared', 'cache', 'cache-events', 'http-caching', 'several-gateways'].map((name) => ({
    file: `gateway/test/${name}.component.test.ts`,
    title: /\(skipped: it is about the own engine\)/,
    reason: 'the stock engine has neither the short way nor a cache',
  })),
  ...[
    'conditions',
    'interface-objects',
    'mutations',
    'nulls-and-errors',
    'one-subgraph',
    'order-and-merging',
    'random-operations',
    'requirements',
    'variables-and-names',
    'wrong-shapes',
  ].map((name) => ({
    file: `gateway/src/execution/engine-traps/${name}.unit.test.ts`,
    ...withoutHivePlanner,
  })),
  ...[
    'gateway/src/planning/hive-planner.component.test.ts',
    'gateway/test/any-supergraph.component.test.ts',
    'e2e/contracts/client-operations.composition.test.ts',
  ].map((file) => ({ file, ...withoutHivePlanner })),
  {
    file: 'e2e/pooler.e2e.test.ts',
    title: /\(skipped: no pgbouncer was found\)$/,
    reason: 'there is no pgbouncer on this machine',
  },
  ...['edge', 'several-gateways'].map((name) => ({
    file: `gateway/test/${name}.component.test.ts`,
    title: /\(skipped: neither redis-server nor valkey-server was found\)/,
    reason: 'there is neither redis-server nor valkey-server on this machine',
  })),
  {
    file: 'cli/test/backup/pg-dump.component.test.ts',
    title: /\(skipped: no PostgreSQL with pg_dump is in \/usr\/lib\/postgresql\)$/,
    reason: 'there is no PostgreSQL with pg_dump on this machine',
  },
  {
    file: 'gateway/test/edge-proxy.component.test.ts',
    title: /\(skipped: nginx was not found\)/,
    reason: 'there is no nginx on this machine',
  },
  {
    file: 'e2e/shell-scripts.component.test.ts',
    title: /\(skipped: shellcheck was not found\)$/,
    reason: 'there is no shellcheck on this machine',
  },
  {
    file: 'e2e/alerts.component.test.ts',
    title: /\(skipped: promtool was not found\)$/,
    reason: 'there is no promtool on this machine',
  },
  {
    file: 'e2e/prometheus.e2e.test.ts',
    title: /\(skipped: prometheus was not found\)/,
    reason: 'there is no prometheus on this machine',
  },
  {
    file: 'packages/stack/test/postgres.component.test.ts',
    title: /does not run as root|from programs below such a directory|that root restored/,
    reason: 'only root can start PostgreSQL as another account',
  },
  ...['packages/messaging/test/disk-full.component.test.ts', 'e2e/disk-full.e2e.test.ts'].map((file) => ({
    file,
    title: /\(skipped: no small disk can be mounted\)$/,
    reason: 'only root on Linux can mount a small disk; in a container it needs the capability SYS_ADMIN',
  })),
];

/** Divides the skipped tests into those that the list allows, with its reason, and all others. */
export function findUnexpectedSkips(
  skipped: readonly SkippedTest[],
  root: string,
  list: readonly AllowedSkip[] = allowedSkips,
): { allowed: (SkippedTest & { reason: string })[]; unexpected: SkippedTest[] } {
  const allowed: (SkippedTest & { reason: string })[] = [];
  const unexpected: SkippedTest[] = [];
  for (const test of skipped) {
    const file = path.relative(root, test.file).replaceAll('\\', '/');
    const found = list.find((one) => one.file === file && one.title.test(test.title));
    if (found === undefined) unexpected.push({ ...test, file });
    else allowed.push({ ...test, file, reason: found.reason });
  }
  return { allowed, unexpected };
}
