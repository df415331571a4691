import type { Pool, PoolClient, Client } from 'pg';

/** Runs one SQL statement, inside a transaction where the executor belongs to one. */
export interface SqlExecutor {
  /**
   * @param text One statement with `$1`-style placeholders.
   * @param values Strings, numbers, booleans, dates, bytes or null, in the placeholders' order.
   * @returns The rows, or an empty array for a statement that returns none.
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Runs `work` in one database transaction: commits when it resolves, rolls back when it rejects. */
export type Transact<Tx> = <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>;

/** An executor over a pool or a client of `pg`. */
export function fromPg(database: Pool | PoolClient | Client): SqlExecutor {
  return {
    async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      const result = await database.query(text, [...values]);
      return result.rows as Row[];
    },
  };
}

/**
 * Transactions over a pool of `pg`, at PostgreSQL's default isolation (read committed).
 *
 * @param begin Statements that begin one, without parameters. Default: `BEGIN`.
 */
export function pgTransact(pool: Pool, begin = 'BEGIN'): Transact<PoolClient> {
  return async (work) => {
    const client = await pool.connect();
    let broken: Error | undefined;
    // A connection that breaks while no statement runs says so by an event, which would end the process if nobody listened.
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
