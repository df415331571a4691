import { join } from 'node:path';
import { serviceNames } from '@shop/contracts';
import { checkDrift } from '@shop/migrations';
import { ExpectedError } from '@shop/process';
import { useTemporaryPostgres } from '@shop/stack';

/**
 * Compares each `prisma/<name>/schema.prisma` with its migrations, on a temporary PostgreSQL.
 *
 * @throws ExpectedError naming each schema that differs from its migrations, with the SQL that is missing.
 */
export async function checkMigrations(root: string): Promise<void> {
  const drifts = await useTemporaryPostgres((adminUrl) =>
    Promise.all(serviceNames.map((name) => checkDrift({ schemaDir: join(root, 'prisma', name), adminUrl }))),
  );
  const differences = serviceNames
    .filter((_, index) => drifts[index] !== null)
    .map(
      (name) =>
        `prisma/${name}/schema.prisma and its migrations differ. What is missing:\n${drifts[serviceNames.indexOf(name)]}`,
    );
  if (differences.length > 0) throw new ExpectedError(differences.join('\n'));
}
