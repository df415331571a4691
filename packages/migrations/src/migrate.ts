import { resolve } from 'node:path';
import pg from 'pg';
import { ExpectedError } from '@shop/process';
import { withSchemaEngine } from './engine.ts';
import { readSchemaDirectory } from './read-schema.ts';

/** Options of {@link migrate}. */
export interface MigrateOptions {
  /** For example `prisma/order`: holds `schema.prisma` and `migrations`. */
  readonly schemaDir: string;
  /** The owner's URL of the database. */
  readonly databaseUrl: string;
}

/**
 * Applies the migrations that the database does not have yet, as `prisma migrate deploy` does and with the same records in
 * `_prisma_migrations`. Two at once are safe: the second waits, however long the first takes, and finds nothing left to do.
 *
 * @returns the names of the migrations that were applied.
 * @throws ExpectedError naming the migration that failed, now or earlier.
 */
export async function migrate({ schemaDir, databaseUrl }: MigrateOptions): Promise<string[]> {
  const { name, migrations } = await readSchemaDirectory(resolve(schemaDir));
  return withLock(name, databaseUrl, () =>
    withSchemaEngine(databaseUrl, async (engine) => {
      const filters = { externalTables: [], externalEnums: [] };
      try {
        return (await engine.applyMigrations({ migrationsList: migrations, filters })).appliedMigrationNames;
      } catch (error) {
        throw new ExpectedError(explain(name, (error as Error).message));
      }
    }),
  );
}

/**
 * The engine has an advisory lock of its own, 72707369, by which it and Prisma's CLI exclude each other, but it waits for that one
 * for ten seconds only.
 */
export const MIGRATION_LOCK = 72707370;

async function withLock<Result>(name: string, databaseUrl: string, work: () => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000, keepAlive: true });
  client.on('error', () => {}); // the lock goes with the session; the engine's own connection reports the same loss
  await client.connect().catch((error: NodeJS.ErrnoException) => {
    throw new ExpectedError(`The database of ${name} cannot be reached: ${error.message || error.code}.`, { cause: error });
  });
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work();
  } finally {
    await client.end();
  }
}

/** What the engine says has several lines and ends with a trace of its own code, which alone names the migration. */
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
