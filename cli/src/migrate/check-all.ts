import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames } from '@shop/contracts';
import { checkDrift } from '@shop/migrations';
import { ExpectedError } from '@shop/process';
import { startPostgres } from '@shop/stack';

/**
 * Compares each `prisma/<name>/schema.prisma` with its migrations, on a temporary PostgreSQL.
 *
 * @throws ExpectedError naming each schema that differs from its migrations, with the SQL that is missing.
 */
export async function checkMigrations(root: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  try {
    const postgres = await startPostgres({ dataDir: join(directory, 'postgres'), fsync: false });
    try {
      const drifts = await Promise.all(
        serviceNames.map((name) =>
          checkDrift({ schemaDir: join(root, 'prisma', name), adminUrl: postgres.url() }).then((drift) => ({
            name,
            drift,
          })),
        ),
      );
      const differences = drifts
        .filter(({ drift }) => drift !== null)
        .map(({ name, drift }) => `prisma/${name}/schema.prisma and its migrations differ. What is missing:\n${drift}`);
      if (differences.length > 0) throw new ExpectedError(differences.join('\n'));
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
