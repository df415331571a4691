import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ExpectedError } from '@shop/process';
import pg from 'pg';

/** The table in which Prisma records migrations, as its schema engine creates it. */
const RECORDS = `
  CREATE TABLE "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum" VARCHAR(64) NOT NULL,
    "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL,
    "logs" TEXT,
    "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
  )`;

/** The names of the migrations that this release has for a subgraph. */
export async function listMigrations(migrationsDir: string): Promise<string[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new ExpectedError(`${migrationsDir} cannot be read: run this in the root of the project.`, { cause });
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/**
 * Makes the tables of a subgraph as some of its migrations make them, within the transaction of the connection. Prisma's engine would use
 * another connection. The tables are left ready for their rows: without the rows of the migrations, without foreign keys, and with
 * triggers switched off.
 *
 * @returns a function that checks and switches on again what was left out.
 */
export async function createMigratedSchema(
  client: pg.Client,
  migrationsDir: string,
  migrations: readonly string[],
): Promise<() => Promise<void>> {
  await client.query(RECORDS);
  for (const name of migrations) {
    const sql = await readFile(path.join(migrationsDir, name, 'migration.sql'), 'utf8');
    // Nothing reads the tables yet, and a transaction cannot create an index concurrently.
    await client.query(sql.replace(/\b(CREATE|DROP)(\s+UNIQUE)?\s+INDEX\s+CONCURRENTLY\b/gi, '$1$2 INDEX'));
  }
  const tables = await listTables(client);
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype = 'f' AND conparentid = 0`,
  );
  for (const { table, name } of keys)
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${pg.escapeIdentifier(name)}`);
  for (const table of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await client.query(`TRUNCATE ${tables.join(', ')}`);
  return async () => {
    for (const table of tables) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    for (const { table, name, definition } of keys)
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${pg.escapeIdentifier(name)} ${definition}`);
  };
}

async function listTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')`,
  );
  return rows.map(({ name }) => name);
}
