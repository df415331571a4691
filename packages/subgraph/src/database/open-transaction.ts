import type pg from 'pg';
import { leavesSessionUsable } from './patient-pool.ts';
import type { Statements } from './statements.ts';

/** The connection may serve others by now, so the statement is not run. */
export class TransactionEndedError extends Error {
  /** Prisma's code for the same. */
  readonly code = 'P2028';
  constructor() {
    super('The transaction has ended: it took too long, or its work was not awaited.');
  }
}

/**
 * A transaction on a connection of a pool, with PostgreSQL's default isolation (read committed). It is rolled back when it takes too
 * long.
 */
export class OpenTransaction {
  readonly #statements: Statements;
  readonly #timer: NodeJS.Timeout;
  #connection: pg.PoolClient | undefined;

  private constructor(connection: pg.PoolClient, statements: Statements, timeoutMs: number) {
    this.#connection = connection;
    this.#statements = statements;
    // The next statement, or the commit, reports it.
    this.#timer = setTimeout(() => void this.rollBack(), timeoutMs);
  }

  static async begin(pool: pg.Pool, statements: Statements, timeoutMs: number): Promise<OpenTransaction> {
    const begin = async (): Promise<pg.PoolClient> => {
      const connection = await pool.connect();
      try {
        await connection.query('BEGIN');
        return connection;
      } catch (error) {
        connection.release(true);
        throw error;
      }
    };
    return new OpenTransaction(await statements.run('BEGIN', begin, { isAlone: true }), statements, timeoutMs);
  }

  /** @throws TransactionEndedError */
  requireConnection(): pg.PoolClient {
    if (this.#connection === undefined) throw new TransactionEndedError();
    return this.#connection;
  }

  query(text: string, values: readonly unknown[]): Promise<unknown[]> {
    return this.#statements.query(this.requireConnection(), text, values, { isAlone: false });
  }

  /** @throws TransactionEndedError when it was rolled back; the failure of PostgreSQL */
  commit(): Promise<void> {
    return this.#end(this.requireConnection(), 'COMMIT');
  }

  /** Rolls back, unless the transaction has ended. The server does it when the connection is lost. */
  async rollBack(): Promise<void> {
    if (this.#connection !== undefined) await this.#end(this.#connection, 'ROLLBACK').catch(() => {});
  }

  async #end(connection: pg.PoolClient, text: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    this.#connection = undefined;
    clearTimeout(this.#timer);
    let isUsable = true;
    try {
      const { command } = await this.#statements.run(text, () => connection.query(text), { isAlone: false });
      // PostgreSQL reports no error for it.
      if (command !== text) throw new Error('The transaction was rolled back: one of its statements had failed.');
    } catch (error) {
      isUsable = leavesSessionUsable(error);
      throw error;
    } finally {
      connection.release(!isUsable);
    }
  }
}
