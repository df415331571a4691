import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Creates an empty database on the server of `adminUrl`, calls `work` with its URL and a connection to it, and drops it. */
export async function useScratchDatabase<Result>(
  adminUrl: string,
  work: (databaseUrl: string, client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const name = `scratch_${randomBytes(6).toString('hex')}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return useClient(adminUrl, async (admin) => {
    try {
      await admin.query(`CREATE DATABASE ${name}`);
      return await useClient(url.href, (client) => work(url.href, client));
    } finally {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  });
}

async function useClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
