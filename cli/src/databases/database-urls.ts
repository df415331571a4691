import { join } from 'node:path';
import { nameVariables, type ServiceName } from '@shop/contracts';
import { embeddedDatabaseUrl, isRunning, readLock, readSecretFile } from '@shop/stack';
import { UnavailableError } from '../command-line/failures.ts';

/** The input of findDatabaseUrl. readDatabaseConfig of `@shop/stack` reads it from the environment. */
export interface DatabaseConfig {
  readonly databaseUrls: Partial<Record<ServiceName, string>>;
  readonly dataDir: string;
}

/**
 * The database of a subgraph: the one that the environment names, or the embedded one of the stack that runs on
 * `dataDir`.
 *
 * @throws UnavailableError when both are missing.
 */
export async function findDatabaseUrl(name: ServiceName, { databaseUrls, dataDir }: DatabaseConfig): Promise<string> {
  const given = databaseUrls[name];
  if (given !== undefined) return given;
  const lock = await readLock(dataDir);
  if (lock === null || lock.postgresPort === null || !(await isRunning(lock))) {
    throw new UnavailableError(
      `No stack with an embedded PostgreSQL runs on ${dataDir}: start it with "npm start", set DATA_DIR to its directory, ` +
        `or set ${nameVariables(name).databaseUrl}.`,
    );
  }
  const password = await readSecretFile(join(dataDir, 'secrets', `database-${name}`));
  if (password === null)
    throw new UnavailableError(`${dataDir}/secrets cannot be read: run this as the user who started the stack.`);
  return embeddedDatabaseUrl(name, lock.postgresPort, password);
}
