import type { NatsPermissions, NatsUser } from './users.ts';
import { hasSyncInterval, isAtLeast, type NatsVersion } from './version.ts';

/** The place of a server in a cluster. All servers of one have the same name of the cluster, and the same password. */
export interface NatsClusterPlace {
  /** The name of the cluster. */
  readonly name: string;
  /** The name of this server, which no other one of the cluster has. */
  readonly serverName: string;
  /** The address and TCP port at which the other servers reach this one. */
  readonly host: string;
  readonly port: number;
  /** `host:port` of all servers. A server leaves itself out. */
  readonly routes: readonly string[];
  /** The password by which the servers know each other. */
  readonly password: string;
}

/** The settings that {@link serverConfig} formats. */
export interface NatsConfig {
  readonly host: string;
  readonly port: number;
  /** Default: the server is alone. */
  readonly cluster?: NatsClusterPlace | undefined;
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
  const { version, users, cluster } = config;
  const settings: Record<string, unknown> = {
    server_name: cluster?.serverName ?? 'federated-commerce',
    host: config.host,
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
    ...(cluster === undefined ? {} : { cluster: clusterSettings(cluster, version) }),
    ...(users.length === 0 ? {} : { authorization: { users: users.map(userEntry) } }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${JSON.stringify(value, null, 2)}\n`)
    .join('');
}

function clusterSettings({ name, host, port, routes, password }: NatsClusterPlace, version: NatsVersion): object {
  const user = 'route';
  return {
    name,
    listen: `${host}:${port}`,
    authorization: { user, password },
    routes: routes.map((address) => `nats://${user}:${encodeURIComponent(password)}@${address}`),
    // By default a server notices after minutes that another one is frozen or cut off.
    ...(isAtLeast(version, [2, 10, 0]) ? { ping_interval: '3s' } : {}),
  };
}

function userEntry({ name, password, permissions }: NatsUser): object {
  return { user: name, password, ...(permissions === undefined ? {} : { permissions: rules(permissions) }) };
}

/** For the server, an empty list of allowed subjects means "all". */
function rules({ publish, subscribe }: NatsPermissions): object {
  const rule = (subjects: readonly string[]) => (subjects.length === 0 ? { deny: ['>'] } : { allow: subjects });
  return { publish: rule(publish), subscribe: rule(subscribe) };
}
