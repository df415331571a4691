import { countPublishedSince, republishSince, type PublishedFilter } from '@shop/messaging';
import { formatTable } from '../databases/table.ts';
import { type Target, withDatabase } from '../databases/target.ts';

/** Publishes events again, or with `isDryRun` counts them. Returns a table that says how many of each service. */
export async function republish(
  targets: readonly Target[],
  filter: PublishedFilter,
  isDryRun: boolean,
): Promise<string> {
  const work = isDryRun ? countPublishedSince : republishSince;
  const rows: string[][] = [];
  for (const { name, databaseUrl } of targets)
    rows.push([name, String(await withDatabase(databaseUrl, (sql) => work(sql, filter)))]);
  const what = `${filter.type ?? 'events'} since ${filter.since.toISOString()}`;
  return `${formatTable(['SERVICE', isDryRun ? 'WOULD BE PUBLISHED AGAIN' : 'WILL BE PUBLISHED AGAIN'], rows)}\n(${what})`;
}
