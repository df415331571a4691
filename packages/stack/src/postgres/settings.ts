/** What {@link serverArguments} turns into settings of the server. */
export interface ServerSettings {
  readonly dataDir: string;
  readonly port: number;
  readonly maxConnections: number;
  readonly fsync: boolean;
}

/** Settings are given as arguments rather than written to a file, so that a change here reaches data directories that exist. */
export function serverArguments({ dataDir, port, maxConnections, fsync }: ServerSettings): string[] {
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '', // TCP only: a socket's path has a length limit, and pg_hba.conf has no rule for it
    max_connections: maxConnections,
    shared_buffers: '128MB',
    password_encryption: 'scram-sha-256',
    fsync: fsync ? 'on' : 'off',
    synchronous_commit: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %u@%d ',
    log_min_duration_statement: '1000',
    log_lock_waits: 'on',
    // Somebody who pulled the plug of a laptop should not wait for a big recovery.
    checkpoint_timeout: '5min',
    max_wal_size: '1GB',
  };
  return ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
