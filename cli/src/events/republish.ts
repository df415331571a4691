import type { ServiceName } from '@shop/contracts';
import { countPublishedSince, republishSince, type PublishedFilter } from '@shop/messaging';
import { formatTable } from '../command-line/table.ts';
import { runOnDatabase, type Target } from '../databases/targets.ts';

/** The number of events of a subgraph that are published again. */
export interface RepublishedCount {
  readonly service: ServiceName;
  readonly events: number;
}

/** Publishes events again, or with `isDryRun` only counts them. */
export async function republish(
  targets: readonly Target[],
  filter: PublishedFilter,
  isDryRun: boolean,
  onProgress: (done: number, next: ServiceName) => void = () => {},
): Promise<RepublishedCount[]> {
  const work = isDryRun ? countPublishedSince : republishSince;
  const counts: RepublishedCount[] = [];
  for (const target of targets) {
    onProgress(counts.length / targets.length, target.name);
    counts.push({ service: target.name, events: await runOnDatabase(target, (sql) => work(sql, filter)) });
  }
  return counts;
}

/** The counts as a table. */
export function formatRepublished(
  counts: readonly RepublishedCount[],
  filter: PublishedFilter,
  isDryRun: boolean,
): string {
  const rows = counts.map(({ service, events }) => [service, String(events)]);
  const what = `${filter.type ?? 'events'} since ${filter.since.toISOString()}`;
  return `${formatTable(['SERVICE', isDryRun ? 'WOULD BE PUBLISHED AGAIN' : 'WILL BE PUBLISHED AGAIN'], rows)}\n(${what})`;
}
