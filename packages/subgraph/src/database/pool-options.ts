/** The part of a connection that listening to it needs. */
interface Listenable {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * Options of a `pg` pool that never waits without end: an unavailable or stuck database causes an error after seconds,
 * not a hung request.
 * The listener covers a connection that breaks while the pool hands it on, when it is neither idle nor in use.
 * Without it, that error would end the process. With it, only the next query fails.
 */
export function poolOptions(databaseUrl: string, options: { max?: number } = {}) {
  return {
    connectionString: databaseUrl,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    query_timeout: 15_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    onConnect: (connection: Listenable): void => void connection.on('error', () => {}),
  };
}
