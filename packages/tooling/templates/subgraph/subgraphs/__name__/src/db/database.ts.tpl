import { PrismaPg } from '@prisma/adapter-pg';
import { databaseOver, poolOptions, type Database as DatabaseOver } from '@shop/subgraph';
import { PrismaClient, type Prisma } from './generated/client.ts';

export type Transaction = Prisma.TransactionClient;
export type Database = DatabaseOver<PrismaClient, Transaction>;

export function openDatabase(databaseUrl: string): Database {
  return databaseOver(new PrismaClient({ adapter: new PrismaPg(poolOptions(databaseUrl)) }));
}
