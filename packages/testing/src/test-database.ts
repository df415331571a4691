import { askHost } from './shared-servers/ask-host.ts';
import type { NewDatabase } from './shared-servers/databases.ts';

export interface TestDatabase {
  /** A superuser's URL. The database belongs to this test alone; the server is shared with other test files. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Creates a database for this test alone, on the PostgreSQL server that the run shares. It takes milliseconds.
 *
 * @param schema a directory of `prisma/`, whose migrations the database gets, or `empty`
 */
export async function startTestDatabase(schema: string): Promise<TestDatabase> {
  const { name, url } = (await askHost('POST', `databases/${schema}`)) as NewDatabase;
  return { url, stop: async () => void (await askHost('DELETE', `databases/${name}`)) };
}
