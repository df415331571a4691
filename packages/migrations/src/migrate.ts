import { resolve } from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { ExpectedError } from '@shop/process';
import pg from 'pg';
import { NO_EXTERNALS, useSchemaEngine } from './engine.ts';
import { readSchemaDirectory } from './read-schema.ts';
import { refreshCollations } from './refresh-collations.ts';

/** Options of {@link migrate}. */
export interface MigrateOptions {
  /** For example `prisma/order`: holds `schema.prisma` and `migrations`. */
  readonly schemaDir: string;
  /** The owner's URL of the database. */
  readonly databaseUrl: string;
}

/**
 * Applies the migrations that the database does not have yet. It works like `prisma migrate deploy` and writes the same records to
 * `_prisma_migrations`. It also builds indexes again that another version of ICU sorted. Two calls at the same time are safe: the second waits for the first and finds nothing left to do.
 *
 * @returns the names of the migrations that were applied.
 * @throws ExpectedError naming the migration that failed, now or earlier.
 */
export async function migrate({ schemaDir, databaseUrl }: MigrateOptions): Promise<string[]> {
  const { name, migrations } = await readSchemaDirectory(resolve(schemaDir));
  return holdMigrationLock(name, databaseUrl, async (client) => {
    const applied = await applyMigrations(name, migrations, databaseUrl);
    await refreshCollations(client);
    return applied;
  });
}

/**
 * Applies what is missing without the lock of this package.
 *
 * @returns the names of the migrations that were applied.
 * @throws ExpectedError naming the migration that failed, now or earlier.
 */
export async function applyMigrations(name: string, migrations: MigrationList, databaseUrl: string): Promise<string[]> {
  return useSchemaEngine(databaseUrl, async (engine) => {
    try {
      return (await engine.applyMigrations({ migrationsList: migrations, filters: NO_EXTERNALS }))
        .appliedMigrationNames;
    } catch (error) {
      throw new ExpectedError(explain(name, (error as Error).message));
    }
  });
}

/**
 * Key of the advisory lock that this package holds. The engine has its own lock, 72707369, which Prisma's CLI takes as
 * well, but it gives up after ten seconds.
 */
export const MIGRATION_LOCK = 72707370;

/**
 * Calls `work` while this process alone changes the migrations of the database. Waits for another holder without a limit.
 *
 * @throws ExpectedError when the database cannot be reached, or stores text in another encoding than UTF8.
 */
export async function holdMigrationLock<Result>(
  name: string,
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000, keepAlive: true });
  client.on('error', () => {}); // the engine's own connection reports the same loss
  await client.connect().catch((error: NodeJS.ErrnoException) => {
    throw new ExpectedError(`The database of ${name} cannot be reached: ${error.message || error.code}.`, {
      cause: error,
    });
  });
  try {
    await requireUtf8(name, client);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Text in all scripts is stored, and searched by its characters. */
async function requireUtf8(name: string, client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ database: string; encoding: string }>(
    `SELECT current_database() AS database, current_setting('server_encoding') AS encoding`,
  );
  const [{ database, encoding } = { database: '', encoding: '' }] = rows;
  if (encoding !== 'UTF8')
    throw new ExpectedError(
      `The database ${database} of ${name} has the encoding ${encoding}. Move its data into a database that was created with ENCODING 'UTF8'.`,
    );
}

/** The engine's message has several lines. Only the trace of its own code at the end names the migration. */
function explain(name: string, message: string): string {
  const migration = /migration_name="([^"]+)"/.exec(message)?.[1];
  const reason = message
    .split(/\n\s+0: /)[0]
    ?.replace(/^external connector error\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (migration === undefined) return `The migrations of ${name} could not be applied: ${reason}`;
  return (
    `The migration ${migration} of ${name} failed: ${reason}. Correct it, then tell the database that it may be tried again: ` +
    `npx prisma migrate resolve --rolled-back ${migration} --config prisma/${name}/prisma.config.ts`
  );
}
