import type { SqlExecutor } from '@shop/messaging';
import type { GaugeDescription, Metrics, Readings } from '@shop/process';
import { type RawSqlClient, sqlOver } from '../database/sql.ts';
import type { AnyDatabase } from '../database/database.ts';

/** Gauges that are read from a subgraph's database when its metrics are scraped. Each replica has the same values: take one of them. */
export interface DatabaseGauges {
  /** The value of the label `collector` of `shop_collector_up`. */
  readonly name: string;
  /** The gauges, by their names. */
  readonly gauges: Readonly<Record<string, GaugeDescription>>;
  /** Reads all of them, in one transaction. The database ends statements of more than two seconds. */
  readonly read: (sql: SqlExecutor) => Promise<Readings>;
  /** Milliseconds for which the values are used again. Default: 10,000. */
  readonly maxAgeMs?: number;
}

const statementTimeoutMs = 2_000;

/** Adds the gauges. At most one transaction reads them at a time, so that a slow database gets no more work from scrapes. */
export function addDatabaseGauges(
  metrics: Metrics,
  { transact }: Pick<AnyDatabase, 'transact'>,
  { read, ...options }: DatabaseGauges,
): void {
  metrics.collect({
    ...options,
    timeoutMs: statementTimeoutMs,
    read: () =>
      transact(async (tx) => {
        const sql = sqlOver(tx as RawSqlClient);
        await sql.query(`SELECT set_config('statement_timeout', '${statementTimeoutMs}', true)`);
        return read(sql);
      }),
  });
}

/** Adds the gauges of a database's pool. */
export function addPoolGauges(metrics: Metrics, { readPool }: Pick<AnyDatabase, 'readPool'>): void {
  metrics.gauge({
    name: 'shop_database_pool_connections',
    help: 'Connections of the pool by state',
    labels: ['state'],
    read: () => {
      const { open, idle } = readPool();
      return [
        { labels: { state: 'idle' }, value: idle },
        { labels: { state: 'busy' }, value: open - idle },
      ];
    },
  });
  metrics.gauge({
    name: 'shop_database_pool_max_connections',
    help: 'Connections that the pool may have',
    read: () => readPool().max,
  });
  metrics.gauge({
    name: 'shop_database_pool_waiting',
    help: 'Queries and transactions that wait for a connection of the pool',
    read: () => readPool().waiting,
  });
}
