import { Pool } from 'pg';
import type { PoolClient, Client } from 'pg';
import type { Logger } from './logger.ts';
import type { StatementNames } from './postgres/statement-names.ts';

/** Runs one SQL statement, inside a transaction if the executor belongs to one. */
export interface SqlExecutor {
  /**
   * @param text One statement with placeholders such as `$1`.
   * @param values Strings, numbers, booleans, dates, bytes or null, in the order of the placeholders.
   * @returns The rows, or an empty array for a statement without result.
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Runs `work` in one database transaction. Commits when it resolves, and rolls back when it rejects. */
export type Transact<Tx> = <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>;

/**
 * Returns an executor over a pool or a client of `pg`.
 *
 * @param names of the statements that are prepared. Default: each statement is planned each time, as it must be behind a pooler.
 */
export function fromPg(database: Pool | PoolClient | Client, names?: StatementNames): SqlExecutor {
  return {
    async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      const name = names?.find(text);
      const run = () => database.query({ ...(name === undefined ? {} : { name }), text, values: [...values] });
      const result = await (names === undefined ? run() : names.run(text, run));
      return result.rows as Row[];
    },
  };
}

/**
 * Returns transactions over a pool of `pg`, with PostgreSQL's default isolation (read committed).
 *
 * @param begin Statements without parameters that begin the transaction. Default: `BEGIN`.
 */
export function pgTransact(pool: Pool, begin = 'BEGIN'): Transact<PoolClient> {
  return async (work) => {
    const client = await pool.connect();
    let broken: Error | undefined;
    // A connection that breaks between two statements emits an event. Without a listener it would end the process.
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      await client.query(begin);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      // A connection that cannot even roll back must not go back into the pool.
      await client.query('ROLLBACK').catch(onError);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  };
}

/**
 * Returns whether a URL leads to a pooler in transaction mode, such as PgBouncer: it has `pgbouncer=true`, as Prisma writes it.
 * Such a pooler refuses settings of a session, and its connections cannot `LISTEN`.
 */
export function isPooled(databaseUrl: string): boolean {
  return new URL(databaseUrl).searchParams.get('pgbouncer') === 'true';
}

/** Creates a small pool whose connections cannot hang, neither while connecting nor in a transaction. */
export function createSmallPool(databaseUrl: string, name: string, logger: Logger, max = 2): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: name,
    max,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    idleTimeoutMillis: 60_000,
    query_timeout: 120_000,
    ...(isPooled(databaseUrl) ? {} : { statement_timeout: 120_000, idle_in_transaction_session_timeout: 120_000 }),
    // A connection may break just when the pool hands it on, and has no other listener then. The next query over it fails.
    onConnect: (client) => void client.on('error', () => {}),
  });
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', (error) => logger.debug({ err: error }, `an idle connection of ${name} broke`));
  return pool;
}
