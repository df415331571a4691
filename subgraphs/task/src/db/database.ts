import { databaseOver, openPool, type Database as DatabaseOver } from '@shop/subgraph';
import { PrismaClient, type Prisma } from './generated/client.ts';

export type Transaction = Prisma.TransactionClient;
export type Database = DatabaseOver<PrismaClient, Transaction>;

export function openDatabase(databaseUrl: string): Database {
  const pool = openPool(databaseUrl);
  return databaseOver(pool, (adapter) => new PrismaClient({ adapter }));
}
