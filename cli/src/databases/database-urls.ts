import { join } from 'node:path';
import { embeddedDatabaseUrl, isRunning, readLock, readSecretFile, type SubgraphName } from '@shop/stack';
import { ExpectedError } from '@shop/process';

/**
 * The database of a subgraph: the one that the environment names, or else the embedded one of the stack that runs on `dataDir`.
 *
 * @throws ExpectedError when there is neither.
 */
export async function findDatabaseUrl(
  name: SubgraphName,
  at: { databaseUrls: Partial<Record<SubgraphName, string>>; dataDir: string },
): Promise<string> {
  const given = at.databaseUrls[name];
  if (given !== undefined) return given;
  const lock = await readLock(at.dataDir);
  if (lock === null || lock.postgresPort === null || !(await isRunning(lock))) {
    throw new ExpectedError(
      `No stack with an embedded PostgreSQL runs on ${at.dataDir}: start it with "npm start", set DATA_DIR to its directory, ` +
        `or set ${name.toUpperCase()}_DATABASE_URL.`,
    );
  }
  const password = await readSecretFile(join(at.dataDir, 'secrets', `database-${name}`));
  if (password === null)
    throw new ExpectedError(`${at.dataDir}/secrets cannot be read: run this as the user who started the stack.`);
  return embeddedDatabaseUrl(name, lock.postgresPort, password);
}
