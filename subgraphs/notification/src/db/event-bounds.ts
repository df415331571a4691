import { sqlOver } from '@shop/subgraph';
import type { Transaction } from './database.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Events before this time send nothing. */
export async function findOldestEventTime(
  tx: Transaction,
  { now, retentionDays }: { readonly now: () => Date; readonly retentionDays: number },
): Promise<Date> {
  const [row] = await sqlOver(tx).query<{ activatedAt: Date }>('SELECT activated_at AS "activatedAt" FROM activation');
  // A message is deleted after the retention time. A copy of its event that comes later must not send it again.
  const retainedSince = now().getTime() - retentionDays * DAY_MS;
  return new Date(Math.max(row?.activatedAt.getTime() ?? 0, retainedSince));
}
