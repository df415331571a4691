import { fromPg, pgTransact } from '@shop/messaging';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import pg from 'pg';
import { requirePublished } from '../messages/require-published.ts';
import { requireWritable } from './require-writable.ts';
import type { RawSqlClient } from './sql.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await startTestDatabase('user');
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
});
afterAll(async () => {
  await pool?.end();
  await database?.stop();
});

const over = (client: pg.PoolClient): RawSqlClient => ({
  $queryRawUnsafe: (text, ...values) => fromPg(client).query(text, values),
});

/** Runs the check in a transaction that begins with these statements. */
const check = (begin?: string) =>
  requireWritable({ transact: (work) => pgTransact(pool, begin)((tx) => work(over(tx))) });

test('a database that accepts writes passes', async () => {
  await expect(check()).resolves.toBeUndefined();
});

test('a read-only database fails', async () => {
  await expect(check('BEGIN READ ONLY')).rejects.toThrow('read-only');
});

test('a database that cannot write a file fails', async () => {
  await expect(check(`BEGIN; SET LOCAL temp_file_limit = '64kB'`)).rejects.toMatchObject({ code: '53400' });
});

test('events that wait for more than ten seconds fail the check, and published ones do not', async () => {
  const sql = fromPg(pool);
  const add = (age: string, published: string) =>
    pool.query(
      `INSERT INTO outbox (id, type, aggregate_id, payload, created_at, published_at, stream_created, stream_sequence)
       VALUES (gen_random_uuid(), 't', 'a', '{}', clock_timestamp() - $1::interval, ${published})`,
      [age],
    );
  await add('1 second', 'NULL, NULL, NULL');
  await add('1 minute', 'now(), now(), 1');
  await expect(requirePublished(sql)).resolves.toBeUndefined();
  await add('11 seconds', 'NULL, NULL, NULL');
  await expect(requirePublished(sql)).rejects.toThrow('more than 10 seconds');
});
