import { PrismaPg } from '@prisma/adapter-pg';
import { databaseOver, poolOptions, type Database as DatabaseOver } from '@shop/subgraph';
import { PrismaClient, type Prisma } from './generated/client.ts';

export type Transaction = Prisma.TransactionClient;
export type Database = DatabaseOver<PrismaClient, Transaction>;

/**
 * How PostgreSQL plans and compares here. Requests read pages, never a whole table, and a plan that turns to a scan since
 * statistics changed would be noticed only at 100,000 products. A page read by an index costs what it costs on solid-state
 * disks; statements of milliseconds are not worth compiling; a misspelt word shares less with the right one than 0.3.
 */
export const settings = '-c enable_seqscan=off -c random_page_cost=1.1 -c jit=off -c pg_trgm.similarity_threshold=0.2';

export function openDatabase(databaseUrl: string): Database {
  return databaseOver(new PrismaClient({ adapter: new PrismaPg({ ...poolOptions(databaseUrl), options: settings }) }));
}
