import { PrismaPg } from '@prisma/adapter-pg';
import { createTransact, poolOptions, sqlOver, type Transact } from '@shop/service';
import { PrismaClient, type Prisma } from './generated/client.ts';

export type Transaction = Prisma.TransactionClient;

/** The product database: a client for reads, and transactions for everything that changes it. */
export interface Database {
  readonly client: PrismaClient;
  readonly transact: Transact<Transaction>;
  /** Throws where the database cannot be asked. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export function openDatabase(databaseUrl: string): Database {
  const client = new PrismaClient({ adapter: new PrismaPg(poolOptions(databaseUrl)) });
  return {
    client,
    transact: createTransact<Transaction>(client),
    ping: async () => {
      await sqlOver(client).query('SELECT 1');
    },
    close: () => client.$disconnect(),
  };
}
