import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readNatsSources } from '../config.ts';
import { describeExit, type ProcessExit } from '../process/child-process.ts';
import { poll } from '../process/poll.ts';
import { freePort, whyPortIsUnusable } from '../process/ports.ts';
import type { Spawned } from '../process/supervise.ts';
import { startWatchedServer, type WatchedServer } from '../process/watched-server.ts';
import { type Report, ExpectedError } from '@shop/process';
import { type NatsClusterPlace, serverConfig } from './server-config.ts';
import { findNatsServer, natsSources } from './find-server.ts';
import { readServerInfo } from './probe.ts';
import type { NatsUser } from './users.ts';
import { formatVersion, type NatsBinary } from './version.ts';

/** Options of {@link startNats}. */
export interface NatsOptions {
  /** Directory of the configuration and JetStream's files. It is created when it is missing. */
  readonly dataDir: string;
  /** TCP port for clients. Default: one that is free. */
  readonly port?: number;
  /** Listen address for clients. Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: the server is alone. */
  readonly cluster?: NatsClusterPlace;
  /** A command that runs the server elsewhere, for example `ip netns exec a`. The port is not checked then. Default: none. */
  readonly runBy?: readonly string[];
  /** Default: none, and then every client may do everything. */
  readonly users?: readonly NatsUser[];
  /** Default: the first that `findNatsServer` finds. */
  readonly binary?: NatsBinary;
  /** Default: `nats.log` in the data directory. */
  readonly logFile?: string;
  /** Bytes. Default 256 MiB. */
  readonly maxMemoryStore?: number;
  /** Bytes. Default 4 GiB. */
  readonly maxFileStore?: number;
  /** The longest time between an acknowledgement and the write to disk, as NATS writes durations, or `always`. Default `1s`. */
  readonly syncInterval?: string;
  /** The limit for reading the streams from disk, in milliseconds. Default 60000. */
  readonly startTimeoutMs?: number;
  readonly report?: Report;
  /** Called as soon as the process exists, before it is ready. */
  readonly onSpawned?: (spawned: Spawned) => void;
}

/** A nats-server with JetStream that this process started. */
export interface NatsServer {
  readonly port: number;
  readonly pid: number;
  /** For example `2.12.12`. */
  readonly version: string;
  readonly exited: Promise<ProcessExit>;
  /** `nats://user:password@host:port`; without a name, without credentials. */
  url(user?: string): string;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/**
 * Starts nats-server with JetStream and returns when it accepts clients. A second start with the same `dataDir` and `port` brings the
 * same broker back.
 *
 * @throws ExpectedError that says what to do.
 */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const dataDir = resolve(options.dataDir);
  const report = options.report ?? (() => {});
  const users = options.users ?? [];
  const logFile = resolve(options.logFile ?? join(dataDir, 'nats.log'));
  const binary = options.binary ?? (await findNatsServer(natsSources(readNatsSources()), report));
  const port = options.port ?? (await freePort());
  const { host = '127.0.0.1', cluster, runBy = [] } = options;
  const blocked = runBy.length > 0 ? null : await whyPortIsUnusable(port, host);
  if (blocked !== null)
    throw new ExpectedError(`NATS cannot listen on port ${port} (${blocked}). Set NATS_PORT to a free one.`);

  await Promise.all([mkdir(dataDir, { recursive: true }), mkdir(dirname(logFile), { recursive: true })]);
  const configFile = join(dataDir, 'nats.conf');
  const { maxMemoryStore = 256 * 1024 ** 2, maxFileStore = 4 * 1024 ** 3, syncInterval = '1s' } = options;
  const config = serverConfig({
    host,
    port,
    cluster,
    storeDir: dataDir,
    logFile,
    users,
    version: binary.version,
    maxMemoryStore,
    maxFileStore,
    syncInterval,
  });
  await writeFile(configFile, config, { mode: 0o600 }); // it contains passwords
  await chmod(configFile, 0o600);

  const [command = binary.path, ...args] = [...runBy, binary.path, '--config', configFile];
  const server = startWatchedServer({
    command,
    args,
    logFile,
    cwd: dataDir,
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
    stopSignal: 'SIGTERM',
    graceMs: 10_000,
  });
  options.onSpawned?.(server);
  await untilReady(server, { host, port, logFile }, options.startTimeoutMs ?? 60_000).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    port,
    pid: server.pid,
    version: formatVersion(binary.version),
    exited: server.exited,
    url: (name) => `nats://${credentials(users, name)}${host}:${port}`,
    kill: server.kill,
    stop: async () => void (await server.stop()),
  };
}

function credentials(users: readonly NatsUser[], name: string | undefined): string {
  if (name === undefined) return '';
  const user = users.find((candidate) => candidate.name === name);
  if (user === undefined) throw new Error(`The broker has no user ${name}`);
  return `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}@`;
}

async function untilReady(
  server: WatchedServer,
  { host, port, logFile }: { readonly host: string; readonly port: number; readonly logFile: string },
  timeoutMs: number,
): Promise<void> {
  await poll(
    async () => {
      if (server.hasExited()) {
        const log = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n');
        throw new ExpectedError(
          `NATS did not start (${describeExit(await server.exited)}): ${log.at(-1) ?? ''} (see ${logFile}).`,
        );
      }
      return (await readServerInfo(port, host))?.jetstream === true ? true : undefined;
    },
    { timeoutMs, orElse: () => new ExpectedError(`NATS was not ready after ${timeoutMs / 1000} s. See ${logFile}.`) },
  );
}
