import path from 'node:path';
import { migrate } from '@shop/migrations';
import { startPostgres } from '@shop/stack';
import { temporaryDirectory } from './temporary-directory.ts';

export interface TestDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** A PostgreSQL of the test's own, with the migrations of `prisma/<name>`. Not fsynced: it is thrown away. */
export async function startTestDatabase(name: 'user' | 'product' | 'order'): Promise<TestDatabase> {
  const directory = await temporaryDirectory();
  const postgres = await startPostgres({ dataDir: path.join(directory.path, 'postgres'), fsync: false });
  const stop = async () => {
    await postgres.stop();
    await directory.remove();
  };
  try {
    await migrate({ schemaDir: `prisma/${name}`, databaseUrl: postgres.url() });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: postgres.url(), stop };
}
