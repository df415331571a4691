import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ExpectedError } from '@shop/process';
import { checkDrift } from './check-drift.ts';
import { readSchemaDirectory } from './read-schema.ts';

/** Options of {@link createMigration}. */
export interface CreateMigrationOptions {
  /** For example `prisma/order`. */
  readonly schemaDir: string;
  /** Lower-case letters, digits and underscores, for example `add_slug`. */
  readonly name: string;
  /** URL of a role that may create databases, on a server for scratch work: `useTemporaryPostgres` of `@shop/stack` starts one. */
  readonly adminUrl: string;
  /** Time of the migration. Default: now. */
  readonly now?: Date;
}

/** A migration that was written. */
export interface CreatedMigration {
  /** `<timestamp>_<name>`. */
  readonly name: string;
  /** Absolute path of `migration.sql`. */
  readonly file: string;
  readonly sql: string;
  /** One sentence for each statement that deletes data, or that can fail on a table with rows. Also at the top of the file. */
  readonly warnings: readonly string[];
}

/**
 * Writes `migrations/<timestamp>_<name>/migration.sql` with the difference between the existing migrations and `schema.prisma`. The
 * file is not applied anywhere, so that a person can read and edit it first.
 *
 * @throws ExpectedError when the name is invalid or taken, when there is no difference, when `schema.prisma` is missing or invalid,
 * or when an existing migration fails.
 */
export async function createMigration(options: CreateMigrationOptions): Promise<CreatedMigration> {
  const { name, adminUrl, now = new Date() } = options;
  const schemaDir = resolve(options.schemaDir);
  requireValidName(name);
  const { name: service, migrations } = await readSchemaDirectory(schemaDir);
  const existing = migrations.migrationDirectories.map(({ path }) => path);
  const taken = existing.find((directory) => directory.replace(/^\d+_/, '') === name);
  if (taken !== undefined)
    throw new ExpectedError(`${service} has a migration named "${name}" already: ${taken}. Choose another name.`);

  const script = await checkDrift({ schemaDir, adminUrl });
  if (script === null) {
    throw new ExpectedError(
      `prisma/${service}/schema.prisma has no change that its migrations lack. Edit it first, then create the migration.`,
    );
  }
  const warnings = findWarnings(script);
  const sql = `${warnings.map((warning) => `-- Warning: ${warning}\n`).join('')}${warnings.length > 0 ? '\n' : ''}${script}`;
  const directory = `${chooseTimestamp(now, existing.at(-1))}_${name}`;
  const file = join(migrations.baseDir, directory, 'migration.sql');
  await mkdir(join(migrations.baseDir, directory), { recursive: true });
  await writeFile(file, sql, { flag: 'wx' });
  if (migrations.lockfile.content === null) await writeLockFile(migrations.baseDir);
  return { name: directory, file, sql, warnings };
}

function requireValidName(name: string): void {
  if (/^[a-z][a-z0-9_]{0,99}$/.test(name)) return;
  throw new ExpectedError(
    `The migration name "${name}" is invalid. Use lower-case letters, digits and underscores, 100 at most, and start with a ` +
      'letter, for example add_slug.',
  );
}

/** Migrations are applied in the order of their names, so that a new one must sort after the last one, also if a clock is wrong. */
function chooseTimestamp(now: Date, last: string | undefined): string {
  const timestamp = now.toISOString().replace(/\D/g, '').slice(0, 14);
  const previous = /^\d{14}(?=_)/.exec(last ?? '')?.[0];
  return previous === undefined || timestamp > previous ? timestamp : String(Number(previous) + 1);
}

/** Prisma's CLI expects this file next to the first migration. */
async function writeLockFile(baseDir: string): Promise<void> {
  await writeFile(
    join(baseDir, 'migration_lock.toml'),
    '# Prisma reads this file: it names the kind of database that the migrations are for.\nprovider = "postgresql"\n',
  );
}

/** Statements that Prisma writes and a person should look at. Each pattern captures the name that the warning uses. */
const RISKS: readonly (readonly [pattern: RegExp, explain: (name: string) => string])[] = [
  [/^DROP TABLE "(\w+)"/gm, (table) => `this deletes the table ${table} and its rows.`],
  [
    /DROP COLUMN +"(\w+)"/g,
    (column) => `this deletes the column ${column}. For a renamed field write ALTER TABLE … RENAME COLUMN instead.`,
  ],
  [
    /ADD COLUMN +"(\w+)" (?!.*DEFAULT)(?!.*SERIAL).*NOT NULL/g,
    (column) =>
      `adding ${column} fails if the table has rows. Give a DEFAULT, or add it without NOT NULL, fill it, then SET NOT NULL.`,
  ],
  [
    /ALTER COLUMN +"(\w+)" SET NOT NULL/g,
    (column) => `SET NOT NULL fails if a row has no ${column}. Fill the column first.`,
  ],
  [
    /ALTER COLUMN +"(\w+)" SET DATA TYPE/g,
    (column) =>
      `the type of ${column} changes. That rewrites the table, and fails for a value that the new type refuses.`,
  ],
  [
    /^CREATE UNIQUE INDEX "(\w+)"/gm,
    (index) => `the unique index ${index} fails if rows have equal values. Remove the duplicates first.`,
  ],
  [/^CREATE TYPE "(\w+)_new"/gm, (type) => `a value of ${type} is removed. That fails if a row has this value.`],
];

function findWarnings(script: string): string[] {
  return RISKS.flatMap(([pattern, explain]) =>
    [...script.matchAll(pattern)]
      .filter((match) => !isOnNewTable(script, match))
      .map((match) => explain(match[1] ?? '')),
  );
}

/** A unique index on a table that the same script creates cannot fail. */
function isOnNewTable(script: string, match: RegExpExecArray): boolean {
  const table = /^CREATE UNIQUE INDEX "\w+" ON ("\w+")/.exec(script.slice(match.index))?.[1];
  return table !== undefined && script.includes(`CREATE TABLE ${table}`);
}
