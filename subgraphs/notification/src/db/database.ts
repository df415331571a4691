import { databaseOver, openPool, type Database as DatabaseOver, type SessionSettings } from '@shop/subgraph';
import { PrismaClient, type Prisma } from './generated/client.ts';

export type Transaction = Prisma.TransactionClient;
export type Database = DatabaseOver<PrismaClient, Transaction>;

/**
 * Planner settings. How many messages wait changes by the minute, and statistics do not follow: with those of a quiet hour, a plan would
 * read all messages that wait by a bitmap, sort them, and take eight. Without bitmaps, the queue is read in its order.
 */
export const settings: SessionSettings = { enable_bitmapscan: 'off' };

export function openDatabase(databaseUrl: string): Database {
  const pool = openPool(databaseUrl, { settings });
  return databaseOver(pool, (adapter) => new PrismaClient({ adapter }));
}
