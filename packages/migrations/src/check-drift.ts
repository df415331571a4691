import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import pg from 'pg';
import { withSchemaEngine } from './engine.ts';
import { migrate } from './migrate.ts';
import { readSchemaDirectory } from './read-schema.ts';

/** Options of {@link checkDrift}. */
export interface CheckDriftOptions {
  /** For example `prisma/order`. */
  readonly schemaDir: string;
  /** URL of a role that may create databases; the check makes one of its own and drops it. */
  readonly adminUrl: string;
}

/**
 * Compares `schema.prisma` with what its migrations make of an empty database. CHECK constraints, triggers, functions and partial
 * indexes do not count: Prisma's schema language has no words for them.
 *
 * @returns the SQL that a further migration would need, or `null` when both agree.
 * @throws ExpectedError when the migrations cannot be applied.
 */
export async function checkDrift({ schemaDir, adminUrl }: CheckDriftOptions): Promise<string | null> {
  const { schema } = await readSchemaDirectory(resolve(schemaDir));
  return withScratchDatabase(adminUrl, async (databaseUrl) => {
    await migrate({ schemaDir, databaseUrl });
    const { exitCode, stdout } = await withSchemaEngine(databaseUrl, (engine) =>
      engine.diff({
        from: { tag: 'schemaDatasource', ...schema, configDir: resolve(schemaDir) },
        to: { tag: 'schemaDatamodel', ...schema },
        script: true,
        exitCode: true, // 2: they differ
        filters: { externalTables: [], externalEnums: [] },
      }),
    );
    return exitCode === 2 ? (stdout ?? '') : null;
  });
}

async function withScratchDatabase<Result>(
  adminUrl: string,
  work: (databaseUrl: string) => Promise<Result>,
): Promise<Result> {
  const name = `drift_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${name}`);
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    return await work(url.href);
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  }
}
