import pg from 'pg';
import { startTestDatabase } from '../src/index.ts';

const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};
const countRows = (url: string) => query(url, 'SELECT count(*)::int AS rows FROM products');

test('gives each caller its own migrated database', async () => {
  const [one, other] = await Promise.all([startTestDatabase('product'), startTestDatabase('product')]);
  await query(one.url, 'CREATE TABLE mine (id int)');
  expect(await countRows(one.url)).toEqual([{ rows: 0 }]);
  await expect(query(other.url, 'SELECT * FROM mine')).rejects.toThrow('relation "mine" does not exist');
  await Promise.all([one.stop(), other.stop()]);
});

test('drops the database when the test stops it, even while connections are open', async () => {
  const database = await startTestDatabase('order');
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => {});
  await client.connect();
  await database.stop();
  await expect(query(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
  await client.end().catch(() => {});
});

test('makes an empty database', async () => {
  const database = await startTestDatabase('empty');
  expect(await query(database.url, `SELECT * FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
  await database.stop();
});

test('names the schema that does not exist', async () => {
  await expect(startTestDatabase('reviews')).rejects.toThrow(
    /There is no .*prisma\/reviews\. Name a directory of prisma/,
  );
});
