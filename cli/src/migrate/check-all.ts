import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@shop/stack';
import { type Report, ExpectedError } from '@shop/process';
import { checkDrift } from '@shop/migrations';

/**
 * Checks every `prisma/<name>` of a project on a PostgreSQL that is started for it in a temporary directory.
 *
 * @throws ExpectedError naming each schema that differs from its migrations, with the SQL that is missing.
 */
export async function checkMigrations(root: string, report: Report): Promise<void> {
  const base = join(root, 'prisma');
  const names = (await readdir(base, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  try {
    const postgres = await startPostgres({ dataDir: join(directory, 'postgres'), fsync: false });
    try {
      const drifts = await Promise.all(
        names.map((name) => checkDrift({ schemaDir: join(base, name), adminUrl: postgres.url() })),
      );
      const differences = names.flatMap((name, index) =>
        drifts[index]
          ? [`prisma/${name}/schema.prisma and its migrations differ. What is missing:\n${drifts[index]}`]
          : [],
      );
      if (differences.length > 0) throw new ExpectedError(differences.join('\n'));
      report(`${names.join(', ')}: schema and migrations agree`);
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
