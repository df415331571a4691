import { fromPg, type SqlExecutor } from '@shop/messaging';
import pg from 'pg';
import type { SubgraphName } from '@shop/stack';

/** A subgraph and its database. */
export interface Target {
  readonly name: SubgraphName;
  readonly databaseUrl: string;
}

/** Runs work over one connection, without a transaction. */
export async function withDatabase<Result>(
  databaseUrl: string,
  work: (sql: SqlExecutor) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(fromPg(client));
  } finally {
    await client.end();
  }
}
