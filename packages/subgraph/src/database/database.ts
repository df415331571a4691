import type { SqlExecutor } from '@shop/messaging';
import type { PrismaPg } from '@prisma/adapter-pg';
import { optimiseWasmLate } from '@shop/process';
import type pg from 'pg';
import { createAdapter } from './create-adapter.ts';
import { directClient } from './direct-client.ts';
import { PatientPool } from './patient-pool.ts';
import { poolOptions } from './pool-options.ts';
import { planEachTime, sqlOver, type RawSqlClient } from './sql.ts';
import { Statements } from './statements.ts';
import { createTransact, type Transact, type TransactionalClient } from './transact.ts';

/** The connections of a pool, for metrics. */
export interface PoolState {
  /** The connections that it may have. */
  readonly max: number;
  readonly open: number;
  readonly idle: number;
  /** Queries and transactions that wait for a connection. */
  readonly waiting: number;
}

/** A subgraph's database: a Prisma client for reads, and transactions for all changes. */
export interface Database<Client, Tx> {
  readonly client: Client;
  /**
   * Runs statements that only read: on a read replica where there is one. They see everything that was committed before
   * they began.
   */
  readonly reads: SqlExecutor;
  /** The same, for lists whose best plan depends on their values: PostgreSQL plans them each time. */
  readonly lists: SqlExecutor;
  readonly transact: Transact<Tx>;
  readPool(): PoolState;
  /** Calls the listener with each note of a transaction that has committed, see `noteChange`. */
  onCommitted(listener: (note: unknown) => void): void;
  /** Throws when the database is unavailable. */
  ping(): Promise<void>;
  close(): Promise<void>;
  /**
   * The same database for work whose statements it ends after some milliseconds. Such a statement fails with the SQLSTATE 57014, and a
   * request with SERVICE_UNAVAILABLE.
   */
  limitStatements(timeoutMs: number): this;
}

/** Any database of a subgraph. */
export type AnyDatabase = Database<RawSqlClient, unknown>;

/** Opens the pool of a subgraph's database. It connects when it is used. */
export function openPool(databaseUrl: string, options: Parameters<typeof poolOptions>[1] = {}): PatientPool {
  return new PatientPool(poolOptions(databaseUrl, options));
}

/**
 * Creates a database over a pool. Closing the database closes the pool.
 *
 * @param createClient creates the generated Prisma client over an adapter
 * @param extend creates what only this database has over a client. Default: nothing
 */
export function databaseOver<
  Tx extends object,
  Client extends TransactionalClient<Tx> & RawSqlClient & { $disconnect(): Promise<void> },
  Extension extends object = object,
>(
  pool: PatientPool,
  createClient: (adapter: PrismaPg) => Client,
  extend: (client: Client) => Extension = () => ({}) as Extension,
): Database<Client, Tx> & Extension {
  optimiseWasmLate(); // the client compiles its engine at the first query
  const statements = new Statements(pool);
  const clients: Client[] = [];
  const listeners: ((note: unknown) => void)[] = [];
  const ofPool: Omit<Database<Client, Tx>, 'client' | 'reads' | 'lists' | 'transact' | 'limitStatements'> = {
    readPool: () => ({
      max: pool.options.max ?? 0,
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    onCommitted: (listener) => void listeners.push(listener),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.$disconnect()));
      await pool.end();
    },
  };

  function over(connections: pg.Pool): Database<Client, Tx> & Extension {
    const prisma = createClient(createAdapter(connections, statements));
    clients.push(prisma);
    const client = directClient<Tx, Client>(prisma, connections, statements);
    const reads = sqlOver(client);
    return {
      ...ofPool,
      client,
      reads,
      lists: planEachTime(reads),
      transact: createTransact<Tx>(client, (note) => listeners.forEach((listener) => listener(note))),
      limitStatements: (timeoutMs) => over(pool.limitStatements(timeoutMs)),
      ...extend(client),
    };
  }

  return over(pool);
}
