import { deleteOldLinks } from '../db/old-links.ts';
import { FORMER_ADDRESS_KEPT_MS } from '../domain/account-request.ts';
import type { Dependencies } from './dependencies.ts';

/** Deletes requests with their links when they expire, and former e-mails after 72 hours. Returns how many rows. */
export function forgetRequests({ database, now }: Pick<Dependencies, 'database' | 'now'>): Promise<number> {
  const at = now();
  return deleteOldLinks(database, {
    expiredBefore: at,
    keptBefore: new Date(at.getTime() - FORMER_ADDRESS_KEPT_MS),
  });
}
