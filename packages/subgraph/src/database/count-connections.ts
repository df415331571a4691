import { setTimeout as sleep } from 'node:timers/promises';
import type { SqlExecutor } from '@shop/messaging';
import type { Logger } from '@shop/process';

/** The name of the connection by which a process tells the others how many connections it may open. */
export function nameListener(service: string, connections: number): string {
  return `listen ${service} ${connections}`;
}

interface Declaration {
  readonly service: string;
  readonly processes: number;
  /** Connections that each of them may open. */
  readonly connections: number;
}

const declared = `
  SELECT substring(application_name FROM '^listen (\\S+) \\d+$') AS service,
    substring(application_name FROM '^listen \\S+ (\\d+)$')::int AS connections, count(*)::int AS processes
  FROM pg_stat_activity WHERE application_name ~ '^listen \\S+ \\d+$' GROUP BY 1, 2 ORDER BY 1, 2`;
const accepted = `
  SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0) AS accepted`;

/**
 * Returns why the database server accepts fewer connections than all processes together may open, or null. Each process
 * has one connection that is always open, and whose name has the number: no configuration needs to know the replicas.
 */
export async function findTooManyConnections(sql: SqlExecutor): Promise<string | null> {
  const [limit] = await sql.query<{ accepted: number }>(accepted);
  const rows = await sql.query<Declaration>(declared);
  const needed = rows.reduce((sum, { processes, connections }) => sum + processes * connections, 0);
  if (limit === undefined || needed <= limit.accepted) return null;
  const parts = rows.map(({ service, processes, connections }) => `${service} ${processes} x ${connections}`);
  return (
    `the processes may open ${needed} connections (${parts.join(', ')}), and the database server accepts ` +
    `${limit.accepted}. Raise max_connections, set connection_limit in the URLs of the databases, or use a pooler`
  );
}

const EVERY_MS = 60_000;

/** Warns once when there may be too many connections, since other processes may start later, and again after there were not. */
export function watchConnections(sql: SqlExecutor, logger: Logger): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    let known: string | null = null;
    // The first pause is for the connections with the names, of this process and of those that start with it.
    while (await sleep(EVERY_MS / 6, true, { signal: stopping.signal }).catch(() => false)) {
      // The database's absence is reported by what needs it.
      const found = await findTooManyConnections(sql).catch(() => known);
      if (found !== null && found !== known) logger.warn({}, found);
      known = found;
      await sleep(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}
