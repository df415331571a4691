import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { serviceNames } from '@shop/contracts';
import { findSubgraphNames } from '../src/boundaries/subgraph-names.ts';

/** Files and folders that may name subgraphs, each with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'cli/src/catalogue/': 'A client of the product API: it imports products by their GraphQL fields.',
  'cli/src/command-line/run-shop.ts': '`user` is a setting of commander.',
  'cli/src/command-line/run-program.ts': '`from: user` is a setting of commander.',
  'cli/src/commands/events.ts': 'The help text shows an event of the shop as its example.',
  'cli/src/reconcile/':
    'It compares the order and product databases on purpose: no subgraph may read the database of another.',
  'packages/mail/src/': 'Mails speak of orders, products and tasks: these are the members of their data.',
  'packages/mailbox/src/accept-mail.ts': '`user` is a member of smtp-server.',
  'packages/messaging/src/postgres/listen.ts': '`notification` is an event of pg.',
  'packages/process/src/log/create-logger.ts': 'It hides secrets in logs by the names of their fields.',
  'packages/stack/src/nats/server-config.ts': '`user` is a setting of nats-server.',
  'packages/stack/src/stack/accounts.ts': 'It prints the addresses of the demo accounts.',
  'packages/tooling/src/boundaries/subgraph-names.ts': 'It lists the words to look for.',
  'packages/tooling/src/new-subgraph/': 'The example of a new subgraph refers to products.',
  'packages/tooling/src/generators/containers.ts': '`user` is a setting of nats-server.',
  'packages/tooling/src/generators/kubernetes/broker.ts': '`user` is a setting of nats-server.',
};

const isException = (file: string): boolean => Object.keys(exceptions).some((prefix) => file.startsWith(prefix));

/**
 * Folders whose production files must not name a subgraph. Contracts have the names; testing has fixtures for the
 * subgraphs.
 */
const rooms = [
  'gateway/src',
  'cli/src',
  ...readdirSync('packages')
    .filter((name) => !['contracts', 'testing'].includes(name))
    .map((name) => `packages/${name}/src`),
];

const files = rooms
  .flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => path.posix.join(room, file)),
  )
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('/generated/'));

const describeAll = () =>
  files.flatMap((file) =>
    findSubgraphNames(readFileSync(file, 'utf8'), serviceNames, { allowsTrade: !file.startsWith('packages/') }).map(
      ({ line, rule, text }) => ({ file, place: `${file}:${line} ${rule}: ${text.slice(0, 80)}` }),
    ),
  );

test('no file outside the folders of the subgraphs names one', () => {
  expect(files.length).toBeGreaterThan(200);
  expect(
    describeAll()
      .filter(({ file }) => !isException(file))
      .map(({ place }) => place),
  ).toEqual([]);
});

test('every exception is still needed', () => {
  const needed = describeAll().map(({ file }) => file);
  expect(Object.keys(exceptions).filter((prefix) => !needed.some((file) => file.startsWith(prefix)))).toEqual([]);
});

describe('a planted violation is found', () => {
  const names = ['user', 'product', 'order'];
  test.each([
    [`const names = ['order'];`, 'name'],
    ['const urls = { user: 1 };', 'name'],
    ['type Urls = { readonly product: string };', 'name'],
    [`follow('shop.order.created.v1');`, 'subject'],
    ['const at = `shop.order.${event}`;', 'subject'],
    ['const env = { ORDER_PORT: 1 };', 'variable'],
    [`read('NATS_USER_PASSWORD');`, 'variable'],
    [`connect('postgres://shop_user@127.0.0.1');`, 'resource'],
    [`import { schema } from '@shop/subgraph-order';`, 'resource'],
    ['// Counts products.', 'trade'],
    ['const loadStock = 1;', 'trade'],
  ])('%s', (source, rule) => {
    expect(findSubgraphNames(source, names)).toContainEqual(expect.objectContaining({ line: 1, rule }));
  });

  test.each([
    `sql('SELECT 1 ORDER BY a');`,
    '// Stops in order, for a user.',
    'const stopOrder = [];',
    'const user = 1;',
    `say('in production');`,
  ])('plain English is not reported: %s', (source) => expect(findSubgraphNames(source, names)).toEqual([]));
});
