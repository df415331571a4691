import { appendFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort, type PostgresServer, startPostgres } from '@shop/stack';
import pg from 'pg';
import { temporaryDirectory } from './temporary-directory.ts';

/** A primary with a streaming replica. */
export interface ReplicatedPostgres {
  readonly primary: PostgresServer;
  readonly replica: PostgresServer;
  /** Stops the replica from replaying. It goes on receiving. */
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  stop(): Promise<void>;
}

const password = 'secret';

/** Starts both. The replica is made by a low-level base backup, since the embedded PostgreSQL has no pg_basebackup. */
export async function startReplicatedPostgres(): Promise<ReplicatedPostgres> {
  const directory = await temporaryDirectory();
  const dataDirs = { primary: path.join(directory.path, 'primary'), replica: path.join(directory.path, 'replica') };
  // Commits must be flushed before they return, as in production: a replica gets only what is flushed.
  const primary = await startPostgres({ dataDir: dataDirs.primary, password });
  let replica: PostgresServer | undefined;
  const stop = async (): Promise<void> => {
    await replica?.stop();
    await primary.stop();
    await directory.remove();
  };
  const ask = async (server: PostgresServer, statement: string): Promise<void> =>
    withClient(server, async (client) => void (await client.query(statement)));
  try {
    const line = 'host replication postgres 127.0.0.1/32 scram-sha-256\n';
    await appendFile(path.join(dataDirs.primary, 'pg_hba.conf'), line);
    await withClient(primary, async (client) => {
      await client.query('SELECT pg_reload_conf()');
      await copyDataDirectory(client, dataDirs.primary, dataDirs.replica);
    });
    const source = `host=127.0.0.1 port=${primary.port} user=postgres password=${password}`;
    await appendFile(path.join(dataDirs.replica, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
    await writeFile(path.join(dataDirs.replica, 'standby.signal'), '');
    replica = await startPostgres({ dataDir: dataDirs.replica, password, port: await freePort() });
    const running = replica;
    return {
      primary,
      replica: running,
      pauseReplay: () => ask(running, 'SELECT pg_wal_replay_pause()'),
      resumeReplay: () => ask(running, 'SELECT pg_wal_replay_resume()'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Files change while they are copied. Replaying the log from the label's place repairs that. */
async function copyDataDirectory(client: pg.Client, from: string, to: string): Promise<void> {
  await client.query(`SELECT pg_backup_start('test', true)`);
  await cp(from, to, {
    recursive: true,
    filter: (source) => !['postmaster.pid', 'postmaster.opts'].includes(path.basename(source)),
  });
  const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
  await writeFile(path.join(to, 'backup_label'), rows[0]?.labelfile ?? '');
  // The replica streams the log from its primary.
  await rm(path.join(to, 'pg_wal'), { recursive: true });
  await mkdir(path.join(to, 'pg_wal'), { mode: 0o700 });
}

async function withClient(server: PostgresServer, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
