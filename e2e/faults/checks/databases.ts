import { mapServices, type ServiceName } from '@shop/contracts';
import type { Stack } from '@shop/stack';
import pg from 'pg';

/** Reads the databases directly. The server may be killed or frozen between two queries. */
export interface Databases {
  query<Row>(database: ServiceName, text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Connections stay open between queries, since a new one costs more than most queries. They close when nothing uses them. */
export function databasesOf(stack: Pick<Stack, 'databaseUrl'>): Databases {
  const pools = mapServices((name) => {
    const pool = new pg.Pool({
      connectionString: stack.databaseUrl(name),
      max: 4,
      connectionTimeoutMillis: 10_000,
      query_timeout: 10_000,
      idleTimeoutMillis: 2_000,
      allowExitOnIdle: true,
    });
    // A pool replaces a connection that the server ended, and one whose query failed.
    pool.on('error', () => {});
    return pool;
  });
  return {
    query: async <Row>(database: ServiceName, text: string, values: readonly unknown[] = []) =>
      (await pools[database].query(text, [...values])).rows as Row[],
  };
}
