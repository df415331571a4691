import pg from 'pg';
import { askHost } from './shared-servers/ask-host.ts';
import type { NewDatabase } from './shared-servers/databases.ts';

export interface TestDatabase {
  /** A superuser's URL. The database belongs to this test alone; the server is shared with other test files. */
  readonly url: string;
  /** Runs SQL without a time limit, which the connections of services have: to fill tables. */
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Creates a database for this test alone, on the PostgreSQL server that the run shares. It takes milliseconds.
 *
 * @param schema a directory of `prisma/`, whose migrations the database gets, or `empty`
 */
export async function startTestDatabase(schema: string): Promise<TestDatabase> {
  const { name, url } = (await askHost('POST', `databases/${schema}`)) as NewDatabase;
  return {
    url,
    async run(sql) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(sql);
      } finally {
        await client.end();
      }
    },
    stop: async () => void (await askHost('DELETE', `databases/${name}`)),
  };
}
