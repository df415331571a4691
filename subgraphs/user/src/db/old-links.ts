import type { Database } from './database.ts';
import { deleteInBatches } from './delete-in-batches.ts';

/** Deletes requests that expired, with their links, and former e-mails that were kept before given times. Returns how many rows. */
export async function deleteOldLinks(
  database: Database,
  { expiredBefore, keptBefore }: { expiredBefore: Date; keptBefore: Date },
): Promise<number> {
  const requests = { table: 'account_requests', key: 'id', column: 'expires_at' };
  const addresses = { table: 'former_addresses', key: 'change_id', column: 'created_at' };
  return (
    (await deleteInBatches(database, requests, expiredBefore)) +
    (await deleteInBatches(database, addresses, keptBefore))
  );
}
