import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { findDatabaseUrl } from '../src/databases/database-urls.ts';
import { republish } from '../src/events/republish.ts';
import { readTableMigrations } from '@shop/messaging/tables';
import { processStartedAt } from '@shop/stack';
import { startTestDatabase, temporaryDirectory, type TemporaryDirectory, type TestDatabase } from '@shop/testing';
import { runCommand } from './run-command.ts';

const FIRST = '01990000-0000-7000-8000-000000000001';
const SECOND = '01990000-0000-7000-8000-000000000002';

let database: TestDatabase;
let directory: TemporaryDirectory;
let client: pg.Client;

beforeAll(async () => {
  [database, directory] = await Promise.all([startTestDatabase('empty'), temporaryDirectory()]);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const { sql } of await readTableMigrations('packages/messaging/sql')) await client.query(sql);
});
beforeEach(() => client.query('DELETE FROM dead_letters'));
afterAll(async () => {
  await client.end();
  await Promise.all([database.stop(), directory.remove()]);
});

/** Runs a command of `events` on the database, as the order subgraph's database. */
const events = (...args: string[]) =>
  runCommand(['events', ...args, '--service', 'order'], { env: { ORDER_DATABASE_URL: database.url } });

async function addDeadLetter(id: string): Promise<void> {
  await client.query(
    `INSERT INTO dead_letters (id, consumer, stream, stream_sequence, message_id, type, payload, headers, error, deliveries)
     VALUES ($1, 'order-from-product', 'PRODUCT', 1, $2, 'shop.product.created.v1', '{}', '{}', E'TypeError: no price\\n    at handle', 5)`,
    [id, `message ${id}`],
  );
}

test('lists dead letters with what an operator needs to know', async () => {
  expect(await events('dead-letters')).toEqual({ code: 0, stdout: 'There are no dead letters.\n', stderr: '' });
  await addDeadLetter(FIRST);
  const [headings, row] = (await events('dead-letters')).stdout.split('\n');
  expect(headings).toMatch(/^ID +SERVICE +TYPE +CONSUMER +TRIES +FAILED AT +STATE +ERROR$/);
  expect(row).toMatch(
    new RegExp(
      `^${FIRST} +order +shop.product.created.v1 +order-from-product +5 +20.*Z +waiting +TypeError: no price$`,
    ),
  );
});

test('lists dead letters as JSON, without their payloads', async () => {
  expect(JSON.parse((await events('dead-letters', '--json')).stdout)).toEqual([]);
  await addDeadLetter(FIRST);
  expect(JSON.parse((await events('dead-letters', '--json')).stdout)).toEqual([
    {
      id: FIRST,
      service: 'order',
      type: 'shop.product.created.v1',
      consumer: 'order-from-product',
      deliveries: 5,
      failedAt: expect.stringMatching(/^20.*Z$/) as unknown,
      resendRequestedAt: null,
      error: 'TypeError: no price',
    },
  ]);
});

test('requests that the named dead letters are handled again, and shows that in the list', async () => {
  await Promise.all([addDeadLetter(FIRST), addDeadLetter(SECOND)]);
  expect(await events('resend', FIRST)).toMatchObject({ code: 0, stdout: '1 dead letter will be handled again.\n' });
  const rows = (await events('dead-letters')).stdout.split('\n');
  expect(rows.find((row) => row.startsWith(FIRST))).toContain('resend requested');
  expect(rows.find((row) => row.startsWith(SECOND))).toContain('waiting');
});

test('requests that all dead letters are handled again', async () => {
  expect(await events('resend', '--all')).toMatchObject({ code: 0, stdout: 'There are no dead letters.\n' });
  await Promise.all([addDeadLetter(FIRST), addDeadLetter(SECOND)]);
  expect(await events('resend', '--all')).toMatchObject({ stdout: '2 dead letters will be handled again.\n' });
});

test('names the ids that belong to no dead letter', async () => {
  await addDeadLetter(FIRST);
  expect(await events('resend', FIRST, SECOND)).toEqual({
    code: 1,
    stdout: '',
    stderr: `1 will be handled again; no open dead letter has the id ${SECOND}.\n`,
  });
  expect(await events('resend', 'seven')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'seven is not the id of a dead letter. List them to see their ids. Run "npm run events -- dead-letters".\n',
  });
});

test('publishes events again, and says how many', async () => {
  await client.query(`
    INSERT INTO outbox (id, type, aggregate_id, payload, published_at)
    SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END, 'a', '{}', now() - make_interval(hours => n)
      FROM generate_series(0, 9) AS n`);
  const countPending = async () =>
    (await client.query('SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL')).rows[0].count;
  const since = new Date(Date.now() - 4.5 * 3_600_000).toISOString();
  expect(await events('republish', '--since', since, '--dry-run')).toEqual({
    code: 0,
    stdout: `SERVICE  WOULD BE PUBLISHED AGAIN\norder    5\n(events since ${since})\n`,
    stderr: '',
  });
  expect(await countPending()).toBe(0);
  expect((await events('republish', '--since', since, '--type', 'odd')).stdout).toBe(
    `SERVICE  WILL BE PUBLISHED AGAIN\norder    2\n(odd since ${since})\n`,
  );
  expect(await countPending()).toBe(2);
  const targets = [1, 2].map(() => ({ name: 'order' as const, databaseUrl: database.url }));
  expect(await republish(targets, { since: new Date(since), aggregateId: 'b' }, false)).toEqual([
    { service: 'order', events: 0 },
    { service: 'order', events: 0 },
  ]);
  expect(JSON.parse((await events('republish', '--since', since, '--json')).stdout)).toEqual({
    since,
    type: null,
    dryRun: false,
    services: [{ service: 'order', events: 3 }],
  });
  expect(await countPending()).toBe(5);
});

test.each([
  ['ECONNREFUSED', 'postgres://shop@127.0.0.1:1/shop'],
  ['3D000', ''],
])('reports that a database is unreachable: %s', async (code, given) => {
  const url = given === '' ? Object.assign(new URL(database.url), { pathname: '/missing' }).href : given;
  const run = await runCommand(['events', 'dead-letters', '--service', 'order'], { env: { ORDER_DATABASE_URL: url } });
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toMatch(
    new RegExp(`^The database of order cannot be reached \\(${code}: .*ORDER_DATABASE_URL\\.\n$`),
  );
});

test('reports that a database has not been migrated', async () => {
  const empty = await startTestDatabase('empty');
  const args = ['events', 'dead-letters', '--service', 'order'];
  const run = await runCommand(args, { env: { ORDER_DATABASE_URL: empty.url } });
  await empty.stop();
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toContain('npm run shop -- migrate');
});

test('finds the database of the stack that runs on the data directory', async () => {
  const dataDir = join(directory.path, 'data');
  await expect(findDatabaseUrl('order', { databaseUrls: {}, dataDir })).rejects.toThrow(
    /No stack with an embedded PostgreSQL runs on .*data: .*ORDER_DATABASE_URL/,
  );
  await mkdir(join(dataDir, 'secrets'), { recursive: true });
  await writeFile(join(dataDir, 'secrets', 'database-order'), 'p@ss\n');
  await writeFile(
    join(dataDir, 'stack.lock'),
    JSON.stringify({ pid: process.pid, startedAt: await processStartedAt(process.pid), postgresPort: 7 }),
  );
  expect(await findDatabaseUrl('order', { databaseUrls: {}, dataDir })).toBe(
    'postgresql://shop_order:p%40ss@127.0.0.1:7/shop_order',
  );
  expect(await findDatabaseUrl('order', { databaseUrls: { order: 'postgres://mine' }, dataDir })).toBe(
    'postgres://mine',
  );
  await writeFile(
    join(dataDir, 'stack.lock'),
    JSON.stringify({ pid: process.pid, startedAt: 'earlier', postgresPort: 7 }),
  );
  await expect(findDatabaseUrl('order', { databaseUrls: {}, dataDir })).rejects.toThrow(/No stack/);
});
