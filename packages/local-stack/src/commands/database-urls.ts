import { join } from 'node:path';
import { embeddedDatabaseUrl } from '../stack/database.ts';
import { isRunning, readLock } from '../stack/data-dir.ts';
import { readSecretFile } from '../stack/secrets.ts';
import type { SubgraphName } from '../stack/types.ts';
import { StackError } from '../stack-error.ts';

/**
 * The database of a subgraph: the one that the environment names, or else the embedded one of the stack that runs on `dataDir`.
 *
 * @throws StackError when there is neither.
 */
export async function findDatabaseUrl(name: SubgraphName, at: { databaseUrls: Partial<Record<SubgraphName, string>>; dataDir: string }): Promise<string> {
  const given = at.databaseUrls[name];
  if (given !== undefined) return given;
  const lock = await readLock(at.dataDir);
  if (lock === null || lock.postgresPort === null || !(await isRunning(lock))) {
    throw new StackError(
      `No stack with an embedded PostgreSQL runs on ${at.dataDir}: start it with "npm start", set DATA_DIR to its directory, ` +
        `or set ${name.toUpperCase()}_DATABASE_URL.`,
    );
  }
  const password = await readSecretFile(join(at.dataDir, 'secrets', `database-${name}`));
  if (password === null) throw new StackError(`${at.dataDir}/secrets cannot be read: run this as the user who started the stack.`);
  return embeddedDatabaseUrl(name, lock.postgresPort, password);
}
