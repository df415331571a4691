import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@shop/stack';
import { temporaryDirectory } from '@shop/testing';
import pg from 'pg';
import { baselineDatabase } from '../src/baseline-database.ts';
import { checkDrift } from '../src/check-drift.ts';
import { createMigration } from '../src/create-migration.ts';
import { migrate } from '../src/migrate.ts';
import { writeSchema } from './write-schema.ts';

const CREATE = `-- a comment; with a semicolon
CREATE TABLE "things" ("id" TEXT NOT NULL, CONSTRAINT "things_pkey" PRIMARY KEY ("id"));
`;
/** SQL that Prisma's schema language cannot express. Bodies and strings have semicolons. */
const BEYOND_PRISMA = `ALTER TABLE "things" ADD CONSTRAINT "not_empty" CHECK ("id" <> ';');
CREATE INDEX "some_things" ON "things" ("id") WHERE "id" > 'a;b';
CREATE FUNCTION "tell"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('things', 'a;b'); RETURN NULL; END $$;
CREATE TRIGGER "tell" AFTER INSERT ON "things" FOR EACH STATEMENT EXECUTE FUNCTION "tell"();
`;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let postgres: PostgresServer;
let count = 0;

beforeAll(async () => {
  directory = await temporaryDirectory();
  postgres = await startPostgres({ dataDir: join(directory.path, 'postgres'), fsync: false });
});
afterAll(async () => {
  await postgres.stop();
  await directory.remove();
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Creates an empty database and a schema directory for one test. */
async function prepare(
  migrations: Record<string, string>,
  schema?: string,
): Promise<{ schemaDir: string; databaseUrl: string }> {
  const name = `test_${(count += 1)}`;
  const schemaDir = join(directory.path, name);
  await writeSchema(schemaDir, migrations, schema);
  await query(postgres.url(), `CREATE DATABASE ${name}`);
  return { schemaDir, databaseUrl: postgres.url(name) };
}

describe('migrate', () => {
  test('applies missing migrations in order, and records them as Prisma does', async () => {
    const target = await prepare({ '2026_1_create': CREATE, '2026_2_beyond': BEYOND_PRISMA });
    expect(await migrate(target)).toEqual(['2026_1_create', '2026_2_beyond']);
    expect(await migrate(target)).toEqual([]);
    const checksum = (sql: string) => createHash('sha256').update(sql).digest('hex');
    expect(
      await query(
        target.databaseUrl,
        'SELECT migration_name, checksum, applied_steps_count AS steps, finished_at IS NOT NULL AS finished FROM _prisma_migrations ORDER BY started_at',
      ),
    ).toEqual([
      { migration_name: '2026_1_create', checksum: checksum(CREATE), steps: 1, finished: true },
      { migration_name: '2026_2_beyond', checksum: checksum(BEYOND_PRISMA), steps: 1, finished: true },
    ]);

    await writeSchema(target.schemaDir, { '2026_3_more': 'ALTER TABLE "things" ADD COLUMN "more" TEXT;' });
    expect(await migrate(target)).toEqual(['2026_3_more']);
    await expect(query(target.databaseUrl, `INSERT INTO things (id) VALUES (';')`)).rejects.toThrow(/not_empty/);
  });

  test('two calls at once apply each migration once', async () => {
    const target = await prepare({
      '2026_1_create': `${CREATE} SELECT pg_sleep(0.5);`,
      '2026_2_beyond': BEYOND_PRISMA,
    });
    const applied = await Promise.all([migrate(target), migrate(target), migrate(target)]);
    expect(applied.flat().sort()).toEqual(['2026_1_create', '2026_2_beyond']);
  });

  test('waits longer than the ten seconds for which the engine itself would wait', async () => {
    const target = await prepare({ '2026_1_create': `${CREATE} SELECT pg_sleep(11);` });
    const applied = await Promise.all([migrate(target), migrate(target)]);
    expect(applied.flat()).toEqual(['2026_1_create']);
  });

  test('names the migration that fails, undoes it, and names it again at the next start', async () => {
    const target = await prepare({
      '2026_1_create': CREATE,
      '2026_2_wrong': 'CREATE TABLE "half" (id INT);\nCREATE TABLE "things" (id INT);',
    });
    await expect(migrate(target)).rejects.toThrow(
      /^The migration 2026_2_wrong of test_\d+ failed: .*relation "things" already exists\. Correct it/,
    );
    expect(await query(target.databaseUrl, `SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
    await expect(migrate(target)).rejects.toThrow(
      /^The migrations of test_\d+ could not be applied: .*failed migrations.*2026_2_wrong/,
    );
  });

  test('names the database that is unreachable', async () => {
    const { schemaDir } = await prepare({ '2026_1_create': CREATE });
    await expect(migrate({ schemaDir, databaseUrl: 'postgresql://a:b@127.0.0.1:1/x' })).rejects.toThrow(
      /^The database of test_\d+ cannot be reached: .*ECONNREFUSED/,
    );
  });

  test('names a database that has another encoding than UTF8', async () => {
    const { schemaDir } = await prepare({ '2026_1_create': CREATE });
    await query(
      postgres.url(),
      `CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc`,
    );
    await expect(migrate({ schemaDir, databaseUrl: postgres.url('latin') })).rejects.toThrow(
      /^The database latin of test_\d+ has the encoding LATIN1\. .*ENCODING 'UTF8'/,
    );
  });

  test('builds the indexes of a collation again when another version of ICU sorted them', async () => {
    const target = await prepare({
      '2026_1_create': `${CREATE}CREATE COLLATION "names" (provider = icu, locale = 'und-u-kn-true');
        CREATE INDEX "by_name" ON "things" ("id" COLLATE "names");`,
    });
    await migrate(target);
    const read = async () =>
      (
        await query(
          target.databaseUrl,
          `SELECT collversion = pg_collation_actual_version(oid) AS "isCurrent", pg_relation_filenode('by_name') AS file
             FROM pg_collation WHERE collname = 'names'`,
        )
      )[0];
    const before = await read();
    expect(before).toMatchObject({ isCurrent: true });
    await migrate(target);
    expect(await read()).toEqual(before);
    await query(target.databaseUrl, `UPDATE pg_collation SET collversion = '1' WHERE collname = 'names'`);
    await migrate(target);
    const after = await read();
    expect(after).toMatchObject({ isCurrent: true });
    expect(after?.['file']).not.toBe(before?.['file']);
  });

  test('builds an index CONCURRENTLY when it is alone in its migration, and in no other case', async () => {
    const index = 'CREATE INDEX CONCURRENTLY "later" ON "things" ("id");';
    const target = await prepare({ '2026_1_create': CREATE, '2026_2_index': index });
    expect(await migrate(target)).toEqual(['2026_1_create', '2026_2_index']);
    expect(
      await query(target.databaseUrl, `SELECT indisvalid FROM pg_index WHERE indexrelid = 'later'::regclass`),
    ).toEqual([{ indisvalid: true }]);
    const together = await prepare({ '2026_1_create': CREATE, '2026_2_index': `${index} SELECT 1;` });
    await expect(migrate(together)).rejects.toThrow(/CONCURRENTLY cannot .*transaction/);
  });

  test('names what is missing when it is called in the wrong place', async () => {
    await expect(migrate({ schemaDir: directory.path, databaseUrl: postgres.url() })).rejects.toThrow(
      /There is no schema.prisma in .*root of the project/,
    );
  });
});

/** A schema of one model, `Thing`, with an additional line. */
const modelWith = (line: string) =>
  `datasource db {\n  provider = "postgresql"\n}\n\nmodel Thing {\n  id String @id\n  ${line}\n\n  @@map("things")\n}\n`;

describe('checkDrift', () => {
  const check = (schemaDir: string) => checkDrift({ schemaDir, adminUrl: postgres.url() });

  test('finds nothing when both agree, and ignores what Prisma cannot express', async () => {
    const { schemaDir } = await prepare({ '2026_1_create': CREATE, '2026_2_beyond': BEYOND_PRISMA });
    expect(await check(schemaDir)).toBeNull();
  });

  test.each([
    ['a column without a migration', 'note String?', 'ALTER TABLE "things" ADD COLUMN     "note" TEXT;'],
    ['a default without a migration', '', 'ALTER COLUMN "id" SET DEFAULT'],
    ['an index without a migration', '@@index([id])', 'CREATE INDEX "things_id_idx" ON "things"("id");'],
  ])('finds %s', async (_name, line, sql) => {
    const schema = line === '' ? modelWith('').replace('@id', '@id @default("x")') : modelWith(line);
    const { schemaDir } = await prepare({ '2026_1_create': CREATE }, schema);
    expect(await check(schemaDir)).toContain(sql);
  });

  test('names the line of an invalid schema', async () => {
    const { schemaDir } = await prepare({ '2026_1_create': CREATE }, modelWith('note Strin'));
    await expect(check(schemaDir)).rejects.toThrow(
      /^prisma\/test_\d+\/schema\.prisma:7 is invalid: Type "Strin" is neither/,
    );
  });

  test('reads all schema files of the directory', async () => {
    const { schemaDir } = await prepare({ '2026_1_create': CREATE });
    await writeFile(join(schemaDir, 'more.prisma'), 'model More {\n  id String @id\n\n  @@map("more")\n}\n');
    expect(await check(schemaDir)).toContain('CREATE TABLE "more"');
  });

  test('leaves no database behind', async () => {
    expect(await query(postgres.url(), `SELECT datname FROM pg_database WHERE datname LIKE 'scratch%'`)).toEqual([]);
  });
});

describe('createMigration', () => {
  const now = new Date('2027-01-02T03:04:05Z');
  const create = (schemaDir: string, name: string) =>
    createMigration({ schemaDir, name, adminUrl: postgres.url(), now });

  test('writes the difference to a file that migrate applies', async () => {
    const target = await prepare({ '20261120000000_create': CREATE }, modelWith('note String?'));
    const created = await create(target.schemaDir, 'add_note');
    expect(created).toEqual({
      name: '20270102030405_add_note',
      file: join(target.schemaDir, 'migrations', '20270102030405_add_note', 'migration.sql'),
      sql: '-- AlterTable\nALTER TABLE "things" ADD COLUMN     "note" TEXT;\n',
      warnings: [],
    });
    expect(await readFile(created.file, 'utf8')).toBe(created.sql);
    expect(await migrate(target)).toEqual(['20261120000000_create', '20270102030405_add_note']);
    expect(await checkDrift({ schemaDir: target.schemaDir, adminUrl: postgres.url() })).toBeNull();
  });

  test('writes the first migration of a schema, and the file that names the kind of database', async () => {
    const schemaDir = join(directory.path, 'first');
    await writeSchema(schemaDir, {}, modelWith('@@unique([id])'), { lockFile: false });
    const { sql, warnings } = await create(schemaDir, 'initial');
    expect(sql).toContain('CREATE TABLE "things"');
    expect(warnings).toEqual([]);
    expect(await readFile(join(schemaDir, 'migrations', 'migration_lock.toml'), 'utf8')).toContain('"postgresql"');
  });

  test('warns of statements that delete data or can fail, also in the file', async () => {
    const create2 = CREATE.replace('NOT NULL,', 'NOT NULL, "old" TEXT, "kind" TEXT,');
    const schema = modelWith('note String\n  kind Int\n  count Int @default(0)\n  @@unique([note])');
    const { schemaDir } = await prepare({ '20261120000000_create': create2 }, schema);
    const { sql, warnings } = await create(schemaDir, 'change_everything');
    expect(warnings).toEqual([
      expect.stringContaining('deletes the column old'),
      expect.stringContaining('deletes the column kind'),
      expect.stringContaining('adding note fails'),
      expect.stringContaining('adding kind fails'),
      expect.stringContaining('the unique index things_note_key fails'),
    ]);
    expect(sql).toMatch(/^-- Warning: this deletes the column old\./);
  });

  test('sorts after the last migration when the clock is behind', async () => {
    const { schemaDir } = await prepare({ '20280101000000_create': CREATE }, modelWith('note String?'));
    expect(await create(schemaDir, 'add_note')).toMatchObject({ name: '20280101000001_add_note' });
  });

  test.each([
    ['no difference', modelWith(''), 'add_note', /has no change that its migrations lack/],
    [
      'an invalid name',
      modelWith('note String?'),
      'Add note',
      /The migration name "Add note" is invalid\. Use lower-case/,
    ],
    ['a path as a name', modelWith('note String?'), '../note', /The migration name "\.\.\/note" is invalid/],
    ['a name that is taken', modelWith('note String?'), 'create', /named "create" already: 20261120000000_create/],
  ])('rejects %s, and writes nothing', async (_name, schema, name, message) => {
    const { schemaDir } = await prepare({ '20261120000000_create': CREATE }, schema);
    await expect(create(schemaDir, name)).rejects.toThrow(message);
    expect(await readdir(join(schemaDir, 'migrations'))).toEqual(['20261120000000_create', 'migration_lock.toml']);
  });
});

describe('baselineDatabase', () => {
  const MIGRATIONS = { '2026_1_create': CREATE, '2026_2_beyond': BEYOND_PRISMA };
  const baseline = (target: { schemaDir: string; databaseUrl: string }, upTo?: string) =>
    baselineDatabase({ ...target, adminUrl: postgres.url(), upTo });
  const hasRecords = async (url: string) =>
    (await query(url, `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS "exists"`))[0]?.['exists'];

  test('records existing migrations, so that migrate applies only later ones', async () => {
    const target = await prepare(MIGRATIONS);
    await query(target.databaseUrl, `${CREATE} ${BEYOND_PRISMA} CREATE TABLE "of_another_program" (id INT);`);
    expect(await baseline(target)).toEqual(['2026_1_create', '2026_2_beyond']);
    expect(await baseline(target)).toEqual([]);
    expect(await migrate(target)).toEqual([]);
    await writeSchema(target.schemaDir, { '2026_3_more': 'ALTER TABLE "things" ADD COLUMN "more" TEXT;' });
    expect(await migrate(target)).toEqual(['2026_3_more']);
  });

  test('stops at the named migration, and migrate applies the later ones', async () => {
    const target = await prepare(MIGRATIONS);
    await query(target.databaseUrl, CREATE);
    expect(await baseline(target, '2026_1_create')).toEqual(['2026_1_create']);
    expect(await migrate(target)).toEqual(['2026_2_beyond']);
  });

  test.each([
    [
      'a missing constraint',
      'ALTER TABLE "things" DROP CONSTRAINT "not_empty"',
      'missing in table things: constraint not_empty CHECK',
    ],
    ['a missing index', 'DROP INDEX "some_things"', 'missing in table things: CREATE INDEX some_things'],
    ['a missing trigger', 'DROP TRIGGER "tell" ON "things"', 'missing in table things: CREATE TRIGGER tell'],
    ['a missing function', 'DROP FUNCTION "tell" CASCADE', 'missing: function tell()'],
    [
      'an unexpected column',
      'ALTER TABLE "things" ADD "more" INT NOT NULL DEFAULT 1',
      'unexpected in table things: column more integer NOT NULL DEFAULT 1',
    ],
    [
      'another type',
      'ALTER TABLE "things" ALTER "id" TYPE CHAR(3)',
      'missing in table things: column id text NOT NULL',
    ],
  ])('rejects a database with %s, and records nothing', async (_name, change, message) => {
    const target = await prepare(MIGRATIONS);
    await query(target.databaseUrl, `${CREATE} ${BEYOND_PRISMA} ${change};`);
    await expect(baseline(target)).rejects.toThrow(message);
    expect(await hasRecords(target.databaseUrl)).toBe(false);
  });

  test('rejects an empty database', async () => {
    const target = await prepare(MIGRATIONS);
    await expect(baseline(target)).rejects.toThrow(/has none of the tables .* Apply the migrations instead/);
    expect(await hasRecords(target.databaseUrl)).toBe(false);
  });

  test('rejects an unknown migration name, and lists the existing ones', async () => {
    const target = await prepare(MIGRATIONS);
    await expect(baseline(target, 'initial')).rejects.toThrow(
      /has no migration named "initial"\. Its migrations are: 2026_1_create, 2026_2_beyond\./,
    );
  });
});
