/** As much of a connection as is needed to listen to it. */
interface Listenable {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * Options of a `pg` pool that never waits for ever: a database that is away or stuck costs an error after
 * seconds, not a hung request; and a connection that breaks in a moment when it is neither idle nor in use, as the pool hands
 * it on, costs no more than the next query over it. Without a listener that error would end the process.
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
