import { join, resolve } from 'node:path';
import { ExpectedError } from '@shop/process';
import { NO_EXTERNALS, useSchemaEngine } from './engine.ts';
import { migrate } from './migrate.ts';
import { readSchemaDirectory } from './read-schema.ts';
import { useScratchDatabase } from './scratch-database.ts';

/** Options of {@link checkDrift}. */
export interface CheckDriftOptions {
  /** For example `prisma/order`. */
  readonly schemaDir: string;
  /** URL of a role that may create databases. The check creates its own database and drops it. */
  readonly adminUrl: string;
}

/**
 * Compares `schema.prisma` with the tables that its migrations create in an empty database. CHECK constraints, triggers, functions
 * and partial indexes do not count: Prisma's schema language cannot express them.
 *
 * @returns the SQL that a further migration would need, or `null` when both agree.
 * @throws ExpectedError when `schema.prisma` is missing or invalid, or when a migration fails.
 */
export async function checkDrift({ schemaDir, adminUrl }: CheckDriftOptions): Promise<string | null> {
  const { name, schema } = await readSchemaDirectory(resolve(schemaDir));
  return useScratchDatabase(adminUrl, async (databaseUrl) => {
    await migrate({ schemaDir, databaseUrl });
    const { exitCode, stdout } = await useSchemaEngine(databaseUrl, (engine) =>
      engine
        .diff({
          from: { tag: 'schemaDatasource', ...schema, configDir: resolve(schemaDir) },
          to: { tag: 'schemaDatamodel', ...schema },
          script: true,
          exitCode: true, // 2: they differ
          filters: NO_EXTERNALS,
        })
        .catch((error: Error) => {
          throw new ExpectedError(explainInvalidSchema(name, error.message));
        }),
    );
    return exitCode === 2 ? (stdout ?? '') : null;
  });
}

/** The engine's message starts with the reason. The file, the line number and a drawing of the place follow. */
function explainInvalidSchema(name: string, message: string): string {
  const reason = message.split('\n')[0]?.replace(/^error: /, '');
  const place = /[\w.-]+\.prisma:\d+/.exec(message)?.[0] ?? 'schema.prisma';
  return `${join('prisma', name, place)} is invalid: ${reason}`;
}
