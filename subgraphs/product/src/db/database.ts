import { databaseOver, openPool, type Database as DatabaseOver, type SessionSettings } from '@shop/subgraph';
import { PrismaClient, type Prisma } from './generated/client.ts';
import { shareStatements, type SharedStatements } from './shared-statements.ts';

export type Transaction = Prisma.TransactionClient;

export interface Database extends DatabaseOver<PrismaClient, Transaction> {
  readonly shared: SharedStatements;
}

/**
 * Planner and comparison settings. `random_page_cost` is that of solid-state disks. A misspelt word often shares less than
 * the default 0.3 with the right one.
 */
export const settings: SessionSettings = {
  random_page_cost: '1.1',
  'pg_trgm.similarity_threshold': '0.2',
};

export function openDatabase(databaseUrl: string): Database {
  const pool = openPool(databaseUrl, { settings });
  return databaseOver(
    pool,
    (adapter) => new PrismaClient({ adapter }),
    (client) => ({ shared: shareStatements(client) }),
  );
}
