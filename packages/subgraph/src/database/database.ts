import { sqlOver, type RawSqlClient } from './sql.ts';
import { createTransact, type Transact, type TransactionalClient } from './transact.ts';

/** A subgraph's database: a Prisma client for reads, and transactions for all changes. */
export interface Database<Client, Tx> {
  readonly client: Client;
  readonly transact: Transact<Tx>;
  /** Throws when the database is unavailable. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Creates a database over a generated Prisma client. */
export function databaseOver<
  Tx,
  Client extends TransactionalClient<Tx> & RawSqlClient & { $disconnect(): Promise<void> },
>(client: Client): Database<Client, Tx> {
  return {
    client,
    transact: createTransact<Tx>(client),
    ping: async () => {
      await sqlOver(client).query('SELECT 1');
    },
    close: () => client.$disconnect(),
  };
}
