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
   * Runs statements that read lists: on a read replica where there is one. They see everything that was committed before
   * they began.
   */
  readonly lists: SqlExecutor;
  readonly transact: Transact<Tx>;
  readPool(): PoolState;
  /** Calls the listener with each note of a transaction that has committed, see `noteChange`. */
  onCommitted(listener: (note: unknown) => void): void;
  /** Throws when the database is unavailable. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Any database of a subgraph. */
export type AnyDatabase = Database<RawSqlClient, unknown>;

/** Opens the pool of a subgraph's database. It connects when it is used. */
export function openPool(databaseUrl: string, options: Parameters<typeof poolOptions>[1] = {}): pg.Pool {
  return new PatientPool(poolOptions(databaseUrl, options));
}

/**
 * Creates a database over a pool. Closing the database closes the pool.
 *
 * @param createClient creates the generated Prisma client over an adapter
 */
export function databaseOver<
  Tx extends object,
  Client extends TransactionalClient<Tx> & RawSqlClient & { $disconnect(): Promise<void> },
>(pool: pg.Pool, createClient: (adapter: PrismaPg) => Client): Database<Client, Tx> {
  optimiseWasmLate(); // the client compiles its engine at the first query
  const statements = new Statements(pool);
  const client = directClient<Tx, Client>(createClient(createAdapter(pool, statements)), pool, statements);
  const listeners: ((note: unknown) => void)[] = [];
  return {
    client,
    lists: planEachTime(sqlOver(client)),
    transact: createTransact<Tx>(client, (note) => listeners.forEach((listener) => listener(note))),
    readPool: () => ({
      max: pool.options.max ?? 0,
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    onCommitted: (listener) => void listeners.push(listener),
    ping: async () => {
      await sqlOver(client).query('SELECT 1');
    },
    close: async () => {
      await client.$disconnect();
      await pool.end();
    },
  };
}
