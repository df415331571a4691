import { isPooled } from '@shop/messaging';

/** The part of a connection that listening to it needs. */
interface Listenable {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Settings of PostgreSQL by name, with values as `current_setting` shows them. */
export type SessionSettings = Readonly<Record<string, string>>;

/** Milliseconds after which the database ends a statement, unless a session says otherwise. */
export const SESSION_STATEMENT_TIMEOUT_MS = 15_000;

/**
 * Requests and jobs read pages, never a whole table. A plan that reads a small or new table whole would be kept while the table grows, and
 * a change of plan with new statistics would go unnoticed until it is large. Statements of milliseconds are not worth compiling.
 */
const plannerSettings: SessionSettings = { enable_seqscan: 'off', jit: 'off' };

/** The settings of every session, which `poolOptions` sets. A pooler must set them: it accepts none from its clients. */
export const commonSettings: SessionSettings = {
  statement_timeout: `${SESSION_STATEMENT_TIMEOUT_MS / 1_000}s`,
  idle_in_transaction_session_timeout: '30s',
  ...plannerSettings,
};

/** Connections of a subgraph's main pool, unless its URL has `connection_limit`. */
export function readPoolSize(databaseUrl: string): number {
  return Number(new URL(databaseUrl).searchParams.get('connection_limit') ?? 10);
}

/** Returns a URL of the same database for a pool of another size. */
export function limitConnections(databaseUrl: string, connections: number): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('connection_limit', String(connections));
  return url.href;
}

/**
 * Options of a `pg` pool that never waits without end: an unavailable or stuck database causes an error after seconds,
 * not a hung request.
 * The listener covers a connection that breaks while the pool hands it on, when it is neither idle nor in use.
 * Without it, that error would end the process. With it, only the next query fails.
 *
 * @param options.max connections. Default: the URL's `connection_limit`, or 10.
 * @param options.settings settings of the sessions in addition to the common ones. Behind a pooler nothing is set here.
 */
export function poolOptions(databaseUrl: string, options: { max?: number; settings?: SessionSettings } = {}) {
  const settings = Object.entries({ ...plannerSettings, ...options.settings });
  const ofSession = {
    statement_timeout: SESSION_STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: 30_000,
    options: settings.map(([name, value]) => `-c ${name}=${value}`).join(' '),
  };
  return {
    connectionString: databaseUrl,
    max: options.max ?? readPoolSize(databaseUrl),
    connectionTimeoutMillis: 5_000,
    query_timeout: 15_000,
    ...(isPooled(databaseUrl) ? {} : ofSession),
    keepAlive: true,
    // Jobs use several connections at the same time every few seconds. To open one costs a process, and a password that is hashed often.
    idleTimeoutMillis: 60_000,
    onConnect: (connection: Listenable): void => void connection.on('error', () => {}),
  };
}
