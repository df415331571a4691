import { resolve } from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { ExpectedError } from '@shop/process';
import type pg from 'pg';
import { describeDatabase, type SchemaObjects } from './describe-database.ts';
import { useSchemaEngine } from './engine.ts';
import { applyMigrations, holdMigrationLock } from './migrate.ts';
import { readSchemaDirectory } from './read-schema.ts';
import { useScratchDatabase } from './scratch-database.ts';

/** Options of {@link baselineDatabase}. */
export interface BaselineOptions {
  /** For example `prisma/order`. */
  readonly schemaDir: string;
  /** The owner's URL of the database that already has the tables. */
  readonly databaseUrl: string;
  /** URL of a role that may create databases, on a server for scratch work. The migrations are tried there. */
  readonly adminUrl: string;
  /** The last migration to record. Default: all migrations. Later ones stay pending, and `migrate` applies them. */
  readonly upTo?: string | undefined;
}

/**
 * Records migrations as applied in a database that already has their tables, as `prisma migrate resolve --applied` does for one
 * migration. Before that it compares the database with the tables, columns, constraints, indexes, triggers, functions and enums that
 * these migrations create. Tables that no migration knows are ignored.
 *
 * @returns the names of the migrations that were recorded, without those that were recorded earlier.
 * @throws ExpectedError when the database differs, is empty or cannot be reached, or when `upTo` is not the name of a migration. Then
 * nothing is recorded.
 */
export async function baselineDatabase(options: BaselineOptions): Promise<string[]> {
  const { databaseUrl, adminUrl, upTo } = options;
  const { name, migrations } = await readSchemaDirectory(resolve(options.schemaDir));
  const selected = selectMigrations(name, migrations, upTo);
  return holdMigrationLock(name, databaseUrl, async (client) => {
    const applied = await findAppliedMigrations(client);
    const missing = selected.migrationDirectories.map(({ path }) => path).filter((path) => !applied.has(path));
    if (missing.length === 0) return [];

    const expected = await useScratchDatabase(adminUrl, async (scratchUrl, scratch) => {
      await applyMigrations(name, selected, scratchUrl);
      return describeDatabase(scratch);
    });
    requireEqual(name, expected, await describeDatabase(client));
    await useSchemaEngine(databaseUrl, async (engine) => {
      for (const migrationName of missing)
        await engine.markMigrationApplied({ migrationName, migrationsList: migrations });
    });
    return missing;
  });
}

function selectMigrations(name: string, migrations: MigrationList, upTo: string | undefined): MigrationList {
  if (upTo === undefined) return migrations;
  const paths = migrations.migrationDirectories.map(({ path }) => path);
  if (!paths.includes(upTo)) {
    throw new ExpectedError(`${name} has no migration named "${upTo}". Its migrations are: ${paths.join(', ')}.`);
  }
  return { ...migrations, migrationDirectories: migrations.migrationDirectories.slice(0, paths.indexOf(upTo) + 1) };
}

async function findAppliedMigrations(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows: tables } = await client.query(`SELECT FROM pg_class WHERE oid = to_regclass('_prisma_migrations')`);
  if (tables.length === 0) return new Set();
  const { rows } = await client.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return new Set(rows.map((row) => row.migration_name));
}

/** @throws ExpectedError with the lines that differ. Objects that are not expected at all are ignored. */
function requireEqual(name: string, expected: SchemaObjects, found: SchemaObjects): void {
  const isEmpty = ![...expected.keys()].some((object) => object.startsWith('table ') && found.has(object));
  if (isEmpty) {
    throw new ExpectedError(
      `The database of ${name} has none of the tables that the migrations create. Apply the migrations instead of recording them.`,
    );
  }
  const differences = [...expected].flatMap(([object, lines]) => {
    const actual = found.get(object);
    if (actual === undefined) return [`missing: ${object}`];
    return [
      ...lines.filter((line) => !actual.includes(line)).map((line) => `missing in ${object}: ${line}`),
      ...actual.filter((line) => !lines.includes(line)).map((line) => `unexpected in ${object}: ${line}`),
    ];
  });
  if (differences.length === 0) return;
  const more = differences.length > 20 ? [`and ${differences.length - 20} more`] : [];
  throw new ExpectedError(
    `The database of ${name} differs from its migrations, and nothing was recorded. Change the database, or name an earlier ` +
      `migration.\n${[...differences.slice(0, 20), ...more].map((line) => `  ${line}`).join('\n')}`,
  );
}
