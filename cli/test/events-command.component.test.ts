import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { findDatabaseUrl } from '../src/databases/database-urls.ts';
import { describeDeadLetters, resend } from '../src/events/dead-letters.ts';
import { republish } from '../src/events/republish.ts';
import { readTableMigrations } from '@shop/messaging/tables';
import { processStartedAt } from '@shop/stack';
import { startTestDatabase, temporaryDirectory, type TemporaryDirectory, type TestDatabase } from '@shop/testing';

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

const targets = () => [{ name: 'order' as const, databaseUrl: database.url }];

async function addDeadLetter(id: string): Promise<void> {
  await client.query(
    `INSERT INTO dead_letters (id, consumer, stream, stream_sequence, message_id, type, payload, headers, error, deliveries)
     VALUES ($1, 'order-from-product', 'PRODUCT', 1, $2, 'shop.product.created.v1', '{}', '{}', E'TypeError: no price\\n    at handle', 5)`,
    [id, `message ${id}`],
  );
}

test('lists dead letters with what an operator needs to know', async () => {
  expect(await describeDeadLetters(targets())).toBe('There are no dead letters.');
  await addDeadLetter(FIRST);
  const [headings, row] = (await describeDeadLetters(targets())).split('\n');
  expect(headings).toMatch(/^ID +SERVICE +TYPE +CONSUMER +TRIES +FAILED AT +STATE +ERROR$/);
  expect(row).toMatch(
    new RegExp(
      `^${FIRST} +order +shop.product.created.v1 +order-from-product +5 +20.*Z +waiting +TypeError: no price$`,
    ),
  );
});

test('asks for those that are named, and says so in the list', async () => {
  await Promise.all([addDeadLetter(FIRST), addDeadLetter(SECOND)]);
  expect(await resend(targets(), [FIRST])).toBe('1 dead letter will be handled again.');
  const rows = (await describeDeadLetters(targets())).split('\n');
  expect(rows.find((row) => row.startsWith(FIRST))).toContain('resend requested');
  expect(rows.find((row) => row.startsWith(SECOND))).toContain('waiting');
});

test('asks for all', async () => {
  expect(await resend(targets(), 'all')).toBe('There are no dead letters.');
  await Promise.all([addDeadLetter(FIRST), addDeadLetter(SECOND)]);
  expect(await resend(targets(), 'all')).toBe('2 dead letters will be handled again.');
});

test('says which ids are none', async () => {
  await addDeadLetter(FIRST);
  await expect(resend(targets(), [FIRST, SECOND])).rejects.toThrow(
    `1 will be handled again; no open dead letter has the id ${SECOND}.`,
  );
  await expect(resend(targets(), ['seven'])).rejects.toThrow(
    /not the id of a dead letter: seven: take ids from "npm run events -- dead-letters"/,
  );
});

test('publishes again what was published since, and says how much', async () => {
  await client.query(`
    INSERT INTO outbox (id, type, aggregate_id, payload, published_at, stream_created, stream_sequence)
    SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END, 'a', '{}', now() - make_interval(hours => n), now(), n FROM generate_series(0, 9) AS n`);
  const pending = async () =>
    (await client.query('SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL')).rows[0].count;
  const since = new Date(Date.now() - 4.5 * 3_600_000);
  expect(await republish(targets(), { since }, true)).toBe(
    `SERVICE  WOULD BE PUBLISHED AGAIN\norder    5\n(events since ${since.toISOString()})`,
  );
  expect(await pending()).toBe(0);
  expect(await republish(targets(), { since, type: 'odd' }, false)).toBe(
    `SERVICE  WILL BE PUBLISHED AGAIN\norder    2\n(odd since ${since.toISOString()})`,
  );
  expect(await pending()).toBe(2);
  expect(await republish(targets(), { since, aggregateId: 'b' }, false)).toContain('order    0');
  expect(await republish([...targets(), ...targets()], { since }, false)).toMatch(/order +3\norder +0\n/);
  expect(await pending()).toBe(5);
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
