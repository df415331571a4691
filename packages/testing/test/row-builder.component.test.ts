import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createRowBuilder, expression, startTestDatabase, type RowBuilder, type TestDatabase } from '../src/index.ts';

let database: TestDatabase;
let client: pg.Client;
let rows: RowBuilder;
beforeAll(async () => {
  database = await startTestDatabase('empty');
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    CREATE TYPE "Colour" AS ENUM ('RED', 'BLUE');
    CREATE TABLE makers (id uuid PRIMARY KEY, code text NOT NULL UNIQUE);
    CREATE TABLE things (
      id uuid PRIMARY KEY, maker_id uuid NOT NULL REFERENCES makers (id), slug text NOT NULL UNIQUE, colour "Colour" NOT NULL,
      currency char(3) NOT NULL, price bigint NOT NULL, stock int NOT NULL DEFAULT 7, details jsonb NOT NULL, note text,
      at timestamptz(3) NOT NULL, key bytea NOT NULL UNIQUE, tags text[] NOT NULL, is_old boolean NOT NULL,
      number bigint GENERATED ALWAYS AS IDENTITY, doubled bigint GENERATED ALWAYS AS (price * 2) STORED NOT NULL)`);
  rows = await createRowBuilder(client);
});
afterAll(async () => {
  await client?.end();
  await database?.stop();
});

test('fills every column that an INSERT must name, and inserts the row that it refers to', async () => {
  const thing = await rows.insert('things', { price: 5n });
  expect(thing).toMatchObject({
    colour: 'RED',
    currency: 'USD',
    price: '5',
    stock: 7,
    details: {},
    note: null,
    doubled: '10',
  });
  expect((await client.query('SELECT code FROM makers WHERE id = $1', [thing['maker_id']])).rows).toHaveLength(1);
});

test('keeps what the test gives', async () => {
  const given = {
    id: randomUUID(),
    colour: 'BLUE',
    details: { a: "it's" },
    note: null,
    at: new Date('2026-01-02T03:04:05.678Z'),
    tags: expression(`ARRAY['x']`),
  };
  expect(await rows.insert('things', given)).toMatchObject({ ...given, tags: ['x'] });
});

test('makes unique values', async () => {
  const made = [await rows.insert('things'), await rows.insert('things'), await rows.insert('things')];
  expect(new Set(made.map(({ slug }) => slug)).size).toBe(3);
});

test('writes statements for tests that collect SQL', async () => {
  const id = randomUUID();
  await client.query(rows.toSql('things', { note: id }, { note: id }));
  expect((await client.query('SELECT FROM things WHERE note = $1', [id])).rowCount).toBe(2);
});

test('inserts a series of rows by one statement', async () => {
  const maker = await rows.insert('makers');
  const series = rows.toSelectSql(
    'things',
    { maker_id: `'${maker['id']}'::uuid`, price: 'n' },
    'generate_series(1, 100) AS n',
  );
  await client.query(series);
  const { rows: found } = await client.query('SELECT sum(price)::int AS sum FROM things WHERE maker_id = $1', [
    maker['id'],
  ]);
  expect(found).toEqual([{ sum: 5050 }]);
});

test('a new column without a default breaks neither rows nor series', async () => {
  await client.query(`ALTER TABLE makers ADD COLUMN country text; UPDATE makers SET country = code;
    ALTER TABLE makers ALTER COLUMN country SET NOT NULL`);
  const fresh = await createRowBuilder(client);
  expect(await fresh.insert('makers')).toMatchObject({ country: expect.any(String) as string });
  await client.query(fresh.toSelectSql('makers', { code: `'made ' || n` }, 'generate_series(1, 3) AS n'));
});

test('names what does not exist', async () => {
  await expect(rows.insert('thongs')).rejects.toThrow('There is no table "thongs". Tables: makers, things.');
  await expect(rows.insert('makers', { colour: 'RED' })).rejects.toThrow(
    'The table makers has no column colour. Columns: id, code',
  );
  expect(() => rows.toSelectSql('things', {}, 'generate_series(1, 3) AS n')).toThrow(
    'Give maker_id: the rows that things refers to must exist.',
  );
});
