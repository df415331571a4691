import { databaseOver, openPool, type Database as DatabaseOver, type SessionSettings } from '@shop/subgraph';
import { PrismaClient, type Prisma } from './generated/client.ts';
import { shareStatements, type SharedStatements } from './shared-statements.ts';

export type Transaction = Prisma.TransactionClient;

export interface Database extends DatabaseOver<PrismaClient, Transaction> {
  readonly shared: SharedStatements;
}

/**
 * Planner and comparison settings.
 * Requests read pages, never a whole table. Without `enable_seqscan=off`, a plan that changes to a scan with new
 * statistics would go unnoticed below 100,000 products. `random_page_cost` is that of solid-state disks. Statements
 * of milliseconds are not worth compiling. A misspelt word often shares less than the default 0.3 with the right one.
 */
export const settings: SessionSettings = {
  enable_seqscan: 'off',
  random_page_cost: '1.1',
  jit: 'off',
  'pg_trgm.similarity_threshold': '0.2',
};

export function openDatabase(databaseUrl: string): Database {
  const pool = openPool(databaseUrl, { settings });
  const database = databaseOver<Transaction, PrismaClient>(pool, (adapter) => new PrismaClient({ adapter }));
  return { ...database, shared: shareStatements(database.client) };
}
