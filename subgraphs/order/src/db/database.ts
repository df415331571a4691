import { PrismaPg } from '@prisma/adapter-pg';
import { databaseOver, poolOptions, type Database as DatabaseOver } from '@shop/subgraph';
import { PrismaClient, type Prisma } from './generated/client.ts';
import { shareStatements, type SharedStatements } from './shared-statements.ts';

export type Transaction = Prisma.TransactionClient;

export interface Database extends DatabaseOver<PrismaClient, Transaction> {
  readonly shared: SharedStatements;
}

export function openDatabase(databaseUrl: string): Database {
  const client = new PrismaClient({ adapter: new PrismaPg(poolOptions(databaseUrl)) });
  return { ...databaseOver(client), shared: shareStatements(client) };
}
