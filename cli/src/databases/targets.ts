import type { ServiceName } from '@shop/contracts';
import { fromPg, type SqlExecutor } from '@shop/messaging';
import { readDatabaseConfig } from '@shop/stack';
import pg from 'pg';
import { describeConnectionError, describeQueryError } from './database-errors.ts';
import { findDatabaseUrl } from './database-urls.ts';

/** A subgraph and its database. */
export interface Target {
  readonly name: ServiceName;
  readonly databaseUrl: string;
}

/**
 * Finds the databases of subgraphs.
 *
 * @throws UnavailableError when one has none: no variable names it, and no stack runs.
 */
export async function findTargets(names: readonly ServiceName[], env: NodeJS.ProcessEnv): Promise<Target[]> {
  const config = readDatabaseConfig(env);
  const targets: Target[] = [];
  // Sequential, so that the first missing one is reported.
  for (const name of names) targets.push({ name, databaseUrl: await findDatabaseUrl(name, config) });
  return targets;
}

/**
 * Connects to a database and closes the connection after `work`.
 *
 * @throws UnavailableError when the database is unreachable, or has not been migrated.
 */
export async function connect<Result>(
  { name, databaseUrl }: Target,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // The running query fails with the same error.
  try {
    await client.connect();
  } catch (error) {
    throw describeConnectionError(name, error);
  }
  try {
    return await work(client);
  } catch (error) {
    throw describeQueryError(name, error);
  } finally {
    await client.end();
  }
}

/** Runs work over one connection, without a transaction. */
export function runOnDatabase<Result>(target: Target, work: (sql: SqlExecutor) => Promise<Result>): Promise<Result> {
  return connect(target, (client) => work(fromPg(client)));
}
