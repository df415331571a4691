import { sqlOver, type RawSqlClient } from './sql.ts';
import { createTransact, type Transact, type TransactionalClient } from './transact.ts';

/** A subgraph's database: a Prisma client for reads, and transactions for everything that changes it. */
export interface Database<Client, Tx> {
  readonly client: Client;
  readonly transact: Transact<Tx>;
  /** Throws where the database cannot be asked. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A database over a generated Prisma client. */
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
