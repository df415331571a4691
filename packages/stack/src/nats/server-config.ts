import type { NatsPermissions, NatsUser } from './users.ts';
import { hasSyncInterval, type NatsVersion } from './version.ts';

/** The settings that {@link serverConfig} formats. */
export interface NatsConfig {
  readonly port: number;
  readonly storeDir: string;
  readonly logFile: string;
  readonly users: readonly NatsUser[];
  readonly version: NatsVersion;
  /** Limit of the streams in memory, in bytes. */
  readonly maxMemoryStore: number;
  /** Limit of the streams on disk, in bytes. */
  readonly maxFileStore: number;
  /** The longest time between an acknowledgement and the write to disk. `always`: the write comes first. */
  readonly syncInterval: string;
}

/** The text of a configuration file. Values are JSON, which is a part of nats-server's format. */
export function serverConfig(config: NatsConfig): string {
  const { version, users } = config;
  const settings: Record<string, unknown> = {
    server_name: 'federated-commerce',
    host: '127.0.0.1',
    port: config.port,
    max_payload: 1024 * 1024,
    max_connections: 1000,
    log_file: config.logFile,
    logfile_size_limit: 10 * 1024 * 1024,
    jetstream: {
      store_dir: config.storeDir,
      max_memory_store: config.maxMemoryStore,
      max_file_store: config.maxFileStore,
      // By default a write reaches the disk up to two minutes after its acknowledgement.
      // After a power cut the relays publish the lost events again.
      ...(hasSyncInterval(version) ? { sync_interval: config.syncInterval } : {}),
    },
    ...(users.length === 0 ? {} : { authorization: { users: users.map(userEntry) } }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${JSON.stringify(value, null, 2)}\n`)
    .join('');
}

function userEntry({ name, password, permissions }: NatsUser): object {
  return { user: name, password, ...(permissions === undefined ? {} : { permissions: rules(permissions) }) };
}

/** For the server, an empty list of allowed subjects means "all". */
function rules({ publish, subscribe }: NatsPermissions): object {
  const rule = (subjects: readonly string[]) => (subjects.length === 0 ? { deny: ['>'] } : { allow: subjects });
  return { publish: rule(publish), subscribe: rule(subscribe) };
}
