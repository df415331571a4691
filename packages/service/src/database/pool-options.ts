/**
 * Options of a `pg` pool that never waits for ever: a database that is away or stuck costs an error after
 * seconds, not a hung request.
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
  };
}
