import { sqlOver } from '@shop/subgraph';
import type { Transaction } from './database.ts';

/**
 * Removes a person from their messages: the id, the subject, which may have their name, and what the message said. Messages that were
 * not sent are not sent any more, except the notice that the account was deleted.
 */
export async function eraseNotifications(tx: Transaction, userId: string): Promise<void> {
  await sqlOver(tx).query(
    `UPDATE notifications SET recipient_id = NULL, subject = NULL, content = NULL, last_error = NULL, claim_id = NULL,
            unsubscribe_hash = NULL, unsubscribe_secret_hash = NULL, status = CASE WHEN status = 'QUEUED' THEN 'SUPPRESSED' ELSE status END
      WHERE recipient_id = $1::uuid AND NOT (template = 'account-deleted' AND status = 'QUEUED')`,
    [userId],
  );
}
