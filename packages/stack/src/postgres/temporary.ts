import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './start.ts';

/**
 * Starts PostgreSQL in a new temporary directory, calls `work` with the URL of its superuser, stops it and deletes the directory.
 * Migrations are compared there, so that no database of a person is touched.
 *
 * @throws ExpectedError when PostgreSQL cannot start; what `work` throws.
 */
export async function useTemporaryPostgres<Result>(work: (adminUrl: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'shop-postgres-'));
  try {
    const server = await startPostgres({ dataDir: join(directory, 'postgres'), fsync: false });
    try {
      return await work(server.url());
    } finally {
      await server.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
