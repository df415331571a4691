import { startPostgres, type PostgresServer } from '@shop/stack';
import pg from 'pg';

/** A PostgreSQL server as the project starts its own, with one database for a peer. */
export interface PeerDatabase {
  readonly url: string;
  readonly pid: PostgresServer['pid'];
  query(sql: string): Promise<void>;
  /** Loading is over: commits wait for the disk from now on, and the planner knows the tables. */
  finishLoading(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPeerDatabase(dataDir: string, name: string): Promise<PeerDatabase> {
  const server = await startPostgres({ dataDir });
  const query = async (sql: string, database = name): Promise<void> => {
    const client = new pg.Client({ connectionString: server.url(database) });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  try {
    await query(`CREATE DATABASE ${name}`, 'postgres');
    await query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    url: server.url(name),
    pid: server.pid,
    query,
    // Only sessions that open afterwards have the setting.
    finishLoading: async () => {
      await query(`ALTER DATABASE ${name} RESET synchronous_commit`);
      await query('VACUUM ANALYZE');
    },
    stop: server.stop,
  };
}
