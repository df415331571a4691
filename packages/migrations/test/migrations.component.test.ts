import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { checkDrift } from '../src/check-drift.ts';
import { migrate } from '../src/migrate.ts';
import { type PostgresServer, startPostgres } from '@shop/stack';
import { temporaryDirectory } from '@shop/testing';
import { writeSchema } from './write-schema.ts';

const CREATE = `-- a comment; with a semicolon
CREATE TABLE "things" ("id" TEXT NOT NULL, CONSTRAINT "things_pkey" PRIMARY KEY ("id"));
`;
/** All that Prisma's schema language has no words for; bodies and strings with semicolons included. */
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

/** An empty database and a schema directory of the test's own. */
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
  test('applies what is missing, in order, and records it as Prisma does', async () => {
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

  test('two at once apply each migration once', async () => {
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

  test('names the migration that fails, undoes it, and says so again at the next start', async () => {
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

  test('says which database cannot be reached', async () => {
    const { schemaDir } = await prepare({ '2026_1_create': CREATE });
    await expect(migrate({ schemaDir, databaseUrl: 'postgresql://a:b@127.0.0.1:1/x' })).rejects.toThrow(
      /^The database of test_\d+ cannot be reached: .*ECONNREFUSED/,
    );
  });

  test('says what is missing when it is called in the wrong place', async () => {
    await expect(migrate({ schemaDir: directory.path, databaseUrl: postgres.url() })).rejects.toThrow(
      /There is no schema.prisma in .*root of the project/,
    );
  });
});

describe('checkDrift', () => {
  const withColumn = (line: string) =>
    `datasource db {\n  provider = "postgresql"\n}\n\nmodel Thing {\n  id String @id\n  ${line}\n\n  @@map("things")\n}\n`;
  const check = (schemaDir: string) => checkDrift({ schemaDir, adminUrl: postgres.url() });

  test('finds nothing where both agree, whatever Prisma has no words for', async () => {
    const { schemaDir } = await prepare({ '2026_1_create': CREATE, '2026_2_beyond': BEYOND_PRISMA });
    expect(await check(schemaDir)).toBeNull();
  });

  test.each([
    ['a column without a migration', 'note String?', 'ALTER TABLE "things" ADD COLUMN     "note" TEXT;'],
    ['a default without a migration', '', 'ALTER COLUMN "id" SET DEFAULT'],
    ['an index without a migration', '@@index([id])', 'CREATE INDEX "things_id_idx" ON "things"("id");'],
  ])('finds %s', async (_name, line, sql) => {
    const schema = line === '' ? withColumn('').replace('@id', '@id @default("x")') : withColumn(line);
    const { schemaDir } = await prepare({ '2026_1_create': CREATE }, schema);
    expect(await check(schemaDir)).toContain(sql);
  });

  test('reads all schema files of the directory', async () => {
    const { schemaDir } = await prepare({ '2026_1_create': CREATE });
    await writeFile(join(schemaDir, 'more.prisma'), 'model More {\n  id String @id\n\n  @@map("more")\n}\n');
    expect(await check(schemaDir)).toContain('CREATE TABLE "more"');
  });

  test('leaves no database behind', async () => {
    expect(await query(postgres.url(), `SELECT datname FROM pg_database WHERE datname LIKE 'drift%'`)).toEqual([]);
  });
});
