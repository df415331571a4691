import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ExpectedError, type Report } from '@shop/process';

const limit = 140;

/** Files whose long lines stay: what a tool writes, data, and migrations, whose checksums databases have recorded. */
const exempt =
  /^package-lock\.json$|\/migrations\/|^prisma\/product\/seed\/|persisted-operations\.json$|src\/graphql\/operations\.ts$/;

/** Files that have long lines from before the check. Shorten them and take them off this list; add none. */
export const filesToShorten: ReadonlySet<string> = new Set([
  'bench/catalogue/cases.ts',
  'bench/catalogue/generate-catalogue.ts',
  'bench/catalogue/load-catalogue.ts',
  'bench/messaging.ts',
  'bench/orders/report.ts',
  'bench/orders/scene.ts',
  'cli/src/catalogue/api/products.ts',
  'cli/src/catalogue/rows/product-row.ts',
  'cli/src/reconcile/checks/catalogue-copy.ts',
  'cli/src/reconcile/checks/history.ts',
  'cli/src/reconcile/checks/payments.ts',
  'cli/test/events-command.component.test.ts',
  'cli/test/reconcile/orders.component.test.ts',
  'clients/typescript/schema.graphql',
  'docker-compose.yml',
  'docs/access.md',
  'docs/decisions/007-dependencies-that-are-held-back.md',
  'e2e/access-matrix.ts',
  'e2e/access-questions.ts',
  'e2e/access.e2e.test.ts',
  'e2e/account.e2e.test.ts',
  'e2e/catalogue-file.e2e.test.ts',
  'e2e/catalogue.e2e.test.ts',
  'e2e/faults-checks.e2e.test.ts',
  'e2e/faults/checks/events.ts',
  'e2e/faults/checks/payments.ts',
  'e2e/faults/checks/stock.ts',
  'e2e/faults/load/operations.ts',
  'e2e/faults/load/shop-floor.ts',
  'e2e/faults/main.ts',
  'e2e/faults/options.ts',
  'e2e/one-order.e2e.test.ts',
  'e2e/order-life.e2e.test.ts',
  'e2e/payments.e2e.test.ts',
  'e2e/shop.ts',
  'e2e/sign-in.e2e.test.ts',
  'gateway/src/access/README.md',
  'gateway/src/execution/transport/find-failed-paths.unit.test.ts',
  'gateway/src/limits/limits.unit.test.ts',
  'gateway/src/supergraph/access-rules.unit.test.ts',
  'gateway/supergraph.graphql',
  'gateway/test/access.component.test.ts',
  'gateway/test/limits.component.test.ts',
  'gateway/test/system.ts',
  'package.json',
  'packages/messaging/test/tables.component.test.ts',
  'packages/stack/src/nats/find-server.ts',
  'packages/stack/src/nats/probe.ts',
  'packages/stack/src/nats/server-config.ts',
  'packages/stack/src/nats/sources/cache.ts',
  'packages/stack/src/nats/sources/installed.ts',
  'packages/stack/src/postgres/start.ts',
  'packages/stack/test/postgres.component.test.ts',
  'scripts/demo.sh',
  'scripts/eslint/requires-without-arguments.mjs',
  'subgraphs/order/src/db/coalesce.ts',
  'subgraphs/order/src/db/refunds.ts',
  'subgraphs/order/src/domain/payment.ts',
  'subgraphs/order/src/resolvers/payments.component.test.ts',
  'subgraphs/order/src/resolvers/statements.component.test.ts',
  'subgraphs/order/src/use-cases/cancel-order.ts',
  'subgraphs/order/src/use-cases/expire-orders.ts',
  'subgraphs/order/src/use-cases/payment-races.component.test.ts',
  'subgraphs/order/src/use-cases/record-refunds.ts',
  'subgraphs/product/schema.graphql',
  'subgraphs/product/src/db/product-search.ts',
  'subgraphs/product/src/resolvers/schema-types.ts',
  'subgraphs/product/src/resolvers/statements.component.test.ts',
  'subgraphs/product/test/stock-scene.ts',
  'subgraphs/user/schema.graphql',
  'subgraphs/user/src/resolvers/schema-types.ts',
]);

/**
 * Checks that no line of a tracked text file is longer than 140 characters.
 *
 * @throws ExpectedError with each long line's place
 */
export function checkLineLength(root: string, report: Report): void {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) return report('This is not a git repository: the length of lines is not checked.');
  const files = stdout.split('\0').filter((file) => file !== '' && !exempt.test(file));
  if (files.length === 0) throw new ExpectedError('The check of line lengths saw no file at all.');
  const long = files.flatMap((file) => findLongLines(root, file));
  const isListed = (place: { readonly file: string }) => filesToShorten.has(place.file);
  const done = [...filesToShorten].filter((file) => !long.some((place) => place.file === file));
  if (done.length > 0)
    report(`These files have no long lines any more; take them off the list in line-length.ts: ${done.join(', ')}`);
  const failures = long.filter((place) => !isListed(place));
  report(`lines: ${files.length} files, ${failures.length} lines over ${limit} characters`);
  if (failures.length > 0)
    throw new ExpectedError(
      failures.map(({ file, line, length }) => `${file}:${line} has ${length} characters`).join('\n'),
    );
}

function findLongLines(
  root: string,
  file: string,
): { readonly file: string; readonly line: number; readonly length: number }[] {
  let text: string;
  try {
    text = readFileSync(path.join(root, file), 'utf8');
  } catch {
    return []; // removed, and not committed yet
  }
  if (text.includes('\0')) return []; // binary
  return text
    .split('\n')
    .map((content, index) => ({ file, line: index + 1, length: [...content].length }))
    .filter(({ length }) => length > limit);
}
