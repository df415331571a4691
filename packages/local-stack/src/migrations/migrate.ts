import { resolve } from 'node:path';
import { StackError } from '../stack-error.ts';
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
 * `_prisma_migrations`. Two at once are safe, also when the other one is Prisma's CLI: the engine takes an advisory lock, so the
 * second waits and finds nothing left to do.
 *
 * @returns the names of the migrations that were applied.
 * @throws StackError naming the migration that failed, now or earlier.
 */
export async function migrate({ schemaDir, databaseUrl }: MigrateOptions): Promise<string[]> {
  const { name, migrations } = await readSchemaDirectory(resolve(schemaDir));
  return withSchemaEngine(databaseUrl, async (engine) => {
    const filters = { externalTables: [], externalEnums: [] };
    try {
      return (await engine.applyMigrations({ migrationsList: migrations, filters })).appliedMigrationNames;
    } catch (error) {
      throw new StackError(`The migrations of ${name} could not be applied: ${reasonOf(error)}`);
    }
  });
}

/** The engine's errors have a message of several lines, some of them empty. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message.split('\n').map((line) => line.trim()).filter((line) => line !== '').join(' ');
}
