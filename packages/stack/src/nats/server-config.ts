import type { NatsPermissions, NatsUser } from './users.ts';
import { hasSyncInterval, type NatsVersion } from './version.ts';

/** What {@link serverConfig} writes down. */
export interface NatsConfig {
  readonly port: number;
  readonly storeDir: string;
  readonly logFile: string;
  readonly users: readonly NatsUser[];
  readonly version: NatsVersion;
  /** Bytes of memory that streams may take. */
  readonly maxMemoryStore: number;
  /** Bytes of disk that streams may take. */
  readonly maxFileStore: number;
  /** How long what was acknowledged may not have reached the disk: `always` is not at all. */
  readonly syncInterval: string;
}

/** Text of a configuration file. Values are JSON, which nats-server's own format contains. */
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
      // By default a write reaches the disk up to two minutes after it was acknowledged. What a power cut takes of it, the relays publish again.
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

/** An empty list of allowed subjects would mean "all" to the server. */
function rules({ publish, subscribe }: NatsPermissions): object {
  const rule = (subjects: readonly string[]) => (subjects.length === 0 ? { deny: ['>'] } : { allow: subjects });
  return { publish: rule(publish), subscribe: rule(subscribe) };
}
