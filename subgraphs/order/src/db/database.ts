import { databaseOver, openPool, type Database as DatabaseOver } from '@shop/subgraph';
import { PrismaClient, type Prisma } from './generated/client.ts';
import { shareStatements, type SharedStatements } from './shared-statements.ts';

export type Transaction = Prisma.TransactionClient;

export interface Database extends DatabaseOver<PrismaClient, Transaction> {
  readonly shared: SharedStatements;
}

export function openDatabase(databaseUrl: string): Database {
  const pool = openPool(databaseUrl);
  return databaseOver(
    pool,
    (adapter) => new PrismaClient({ adapter }),
    (client) => ({ shared: shareStatements(client) }),
  );
}
