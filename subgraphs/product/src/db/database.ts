import { PrismaPg } from '@prisma/adapter-pg';
import { databaseOver, poolOptions, type Database as DatabaseOver } from '@shop/subgraph';
import { PrismaClient, type Prisma } from './generated/client.ts';

export type Transaction = Prisma.TransactionClient;
export type Database = DatabaseOver<PrismaClient, Transaction>;

/**
 * Planner and comparison settings.
 * Requests read pages, never a whole table. Without `enable_seqscan=off`, a plan that changes to a scan with new
 * statistics would go unnoticed below 100,000 products. `random_page_cost` is that of solid-state disks. Statements
 * of milliseconds are not worth compiling. A misspelt word often shares less than the default 0.3 with the right one.
 */
export const settings = '-c enable_seqscan=off -c random_page_cost=1.1 -c jit=off -c pg_trgm.similarity_threshold=0.2';

export function openDatabase(databaseUrl: string): Database {
  return databaseOver(new PrismaClient({ adapter: new PrismaPg({ ...poolOptions(databaseUrl), options: settings }) }));
}
