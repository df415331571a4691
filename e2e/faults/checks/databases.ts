import type { ServiceName } from '@shop/contracts';
import type { Stack } from '@shop/stack';
import pg from 'pg';

/** Reads the databases directly, with a new connection for each query: the server may be killed between two queries. */
export interface Databases {
  query<Row>(database: ServiceName, text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export function databasesOf(stack: Pick<Stack, 'databaseUrl'>): Databases {
  return {
    async query<Row>(database: ServiceName, text: string, values: readonly unknown[] = []) {
      const client = new pg.Client({
        connectionString: stack.databaseUrl(database),
        connectionTimeoutMillis: 3_000,
        query_timeout: 10_000,
      });
      client.on('error', () => {});
      try {
        await client.connect();
        return (await client.query(text, [...values])).rows as Row[];
      } finally {
        void client.end().catch(() => {}); // not awaited: a frozen server would not answer
      }
    },
  };
}
