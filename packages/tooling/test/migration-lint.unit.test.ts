import { readdirSync, readFileSync } from 'node:fs';
import { serviceNames } from '@shop/contracts';
import { readFormerSchema } from '../src/migration-lint/former-schema.ts';
import { lintMigration } from '../src/migration-lint/lint-migration.ts';

/** The version before: it uses "orders" with "note" and "status", and neither "orders"."old" nor "gone". */
const former = readFormerSchema([
  `model Order {
  id     String      @id
  /// A comment.
  note   String?     @map("customer_note") // of the customer
  status OrderStatus
  old    String?     @ignore
  lines  OrderLine[]

  @@map("orders")
}

model Gone {
  id String @id

  @@map("gone")
  @@ignore
}

enum OrderStatus {
  OPEN

  @@map("order_status")
}`,
]);

const lint = async (sql: string) =>
  (await lintMigration(sql, former)).map(({ rule, message }) => `${rule}: ${message}`);

test.each([
  ['an index', 'CREATE INDEX i ON orders (status)', 'lock: The index blocks writes to "orders"'],
  ['a unique index', 'CREATE UNIQUE INDEX i ON orders (status)', 'lock: The index blocks writes'],
  [
    'an index with others',
    'CREATE INDEX CONCURRENTLY i ON orders (status); SELECT 1',
    'transaction: CONCURRENTLY cannot',
  ],
  ['REINDEX', 'REINDEX TABLE orders', 'lock: REINDEX blocks writes to "orders"'],
  ['LOCK TABLE', 'LOCK TABLE orders', 'lock: LOCK TABLE stops'],
  ['CLUSTER', 'CLUSTER orders USING i', 'rewrite: CLUSTER writes "orders" again'],
  ['VACUUM FULL', 'VACUUM FULL orders', 'rewrite: VACUUM FULL'],
  [
    'an update of all rows',
    'UPDATE orders SET customer_note = NULL',
    'lock: UPDATE without WHERE locks every row of "orders"',
  ],
  ['a deletion of all rows', 'DELETE FROM orders', 'lock: DELETE without WHERE'],
  ['TRUNCATE', 'TRUNCATE orders', 'old-version: TRUNCATE deletes rows'],
  ['a check', 'ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 1)', 'lock: The constraint reads all of "orders"'],
  [
    'a foreign key',
    'ALTER TABLE orders ADD FOREIGN KEY (id) REFERENCES x',
    'lock: The constraint reads all of "orders"',
  ],
  ['a key', 'ALTER TABLE orders ADD UNIQUE (id)', 'lock: The constraint blocks "orders" while its index is built'],
  [
    'a constraint that is validated at once',
    'ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 1) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT c',
    'lock: The lock that added "c" is held',
  ],
  ['SET NOT NULL', 'ALTER TABLE orders ALTER customer_note SET NOT NULL', 'lock: SET NOT NULL reads all of "orders"'],
  ['another type', 'ALTER TABLE orders ALTER id TYPE UUID USING id::uuid', 'rewrite: A new type writes "orders" again'],
  [
    'a required column',
    'ALTER TABLE orders ADD COLUMN a INT NOT NULL',
    'old-version: The version before writes no "orders"."a"',
  ],
  [
    'a value for each row',
    'ALTER TABLE orders ADD COLUMN a UUID DEFAULT gen_random_uuid()',
    'rewrite: A value for each row',
  ],
  [
    'a generated column',
    'ALTER TABLE orders ADD COLUMN a INT GENERATED ALWAYS AS (1) STORED',
    'rewrite: A value for each row',
  ],
  ['an identity', 'ALTER TABLE orders ADD COLUMN a INT GENERATED ALWAYS AS IDENTITY', 'rewrite: A value for each row'],
  ['a column with a reference', 'ALTER TABLE orders ADD COLUMN a INT REFERENCES x', 'lock: The constraint reads all'],
  ['a table in use', 'DROP TABLE orders', 'old-version: The version before uses the table "orders"'],
  [
    'a column in use',
    'ALTER TABLE orders DROP COLUMN customer_note',
    'old-version: The version before uses "orders"."customer_note"',
  ],
  ['a type in use', 'DROP TYPE order_status', 'old-version: The version before uses the type "order_status"'],
  [
    'a new name of a table',
    'ALTER TABLE orders RENAME TO purchases',
    'old-version: The version before uses the old name',
  ],
  [
    'a new name of a column',
    'ALTER TABLE orders RENAME customer_note TO n',
    'old-version: The version before uses the old name in "orders"',
  ],
  [
    'a new name of a value',
    `ALTER TYPE order_status RENAME VALUE 'OPEN' TO 'NEW'`,
    'old-version: The version before uses the value OPEN',
  ],
  [
    'a default in use',
    'ALTER TABLE orders ALTER status DROP DEFAULT',
    'old-version: The version before may leave out "status"',
  ],
])('refuses %s', async (_name, sql, message) => {
  expect(await lint(sql)).toEqual([expect.stringContaining(message)]);
});

test.each([
  'CREATE INDEX CONCURRENTLY i ON orders (status)',
  'CREATE TABLE t (id INT PRIMARY KEY, a INT NOT NULL); CREATE INDEX i ON t (a); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES orders',
  'ALTER TABLE orders ADD COLUMN a TEXT, ADD COLUMN b INT NOT NULL DEFAULT 0, ADD COLUMN c TIMESTAMPTZ NOT NULL DEFAULT now()',
  "ALTER TABLE orders ADD COLUMN d BIGINT[] NOT NULL DEFAULT ARRAY[]::BIGINT[], ADD COLUMN e TEXT DEFAULT 'x'",
  'ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 1) NOT VALID',
  'ALTER TABLE orders VALIDATE CONSTRAINT c',
  'ALTER TABLE orders ADD CONSTRAINT c UNIQUE USING INDEX i',
  'ALTER TABLE orders DROP COLUMN old, DROP CONSTRAINT c, ALTER customer_note DROP NOT NULL',
  'DROP TABLE gone; DROP INDEX i; DROP FUNCTION f; DROP TYPE other_type',
  `ALTER TYPE order_status ADD VALUE 'PAID'`,
  'UPDATE orders SET customer_note = NULL WHERE id = 1; DELETE FROM orders WHERE id = 1',
  'VACUUM orders',
])('accepts %s', async (sql) => {
  expect(await lint(sql)).toEqual([]);
});

test('a comment with the rule and a reason accepts a statement, and no other', async () => {
  const index = 'CREATE INDEX i ON orders (status);';
  expect(await lint(`-- Accepted (lock): the table has ten rows.\n${index}`)).toEqual([]);
  expect(await lint(`-- Accepted (lock): no.\n${index}`)).toHaveLength(1);
  expect(await lint(`-- Accepted (rewrite): the table has ten rows.\n${index}`)).toHaveLength(1);
  expect(await lint(`-- Accepted (lock): the table has ten rows.\n${index}\n${index}`)).toHaveLength(1);
});

test('names the line of the statement, also after letters of several bytes', async () => {
  const sql = `-- Ä comment; with a semicolon: é\nSELECT 'ü;';\n\n-- AlterTable\nLOCK TABLE orders;\n`;
  expect(await lintMigration(sql, former)).toMatchObject([{ line: 5, rule: 'lock' }]);
});

test('reports what PostgreSQL cannot parse', async () => {
  await expect(lintMigration('ALTER TABEL orders', former)).rejects.toThrow('PostgreSQL cannot parse it: syntax error');
});

test('parses every migration of the project', async () => {
  for (const name of serviceNames)
    for (const folder of readdirSync(`prisma/${name}/migrations`, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    ))
      await lint(readFileSync(`prisma/${name}/migrations/${folder.name}/migration.sql`, 'utf8'));
});
