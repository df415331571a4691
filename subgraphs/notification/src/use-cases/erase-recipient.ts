import type { Transaction } from '../db/database.ts';
import { markErased } from '../db/erased-accounts.ts';
import { eraseNotifications } from '../db/erase-notifications.ts';
import { deletePreferences, findPreferences } from '../db/preferences.ts';
import type { PlannedMessage } from '../domain/message.ts';
import type { Dependencies } from './dependencies.ts';
import { queueLastMessages } from './queue-messages.ts';

/**
 * Erases a deleted account from its messages, whose rows stay without recipient, subject and content. Those that were not sent are not
 * sent any more. Only the notice of the deletion still goes out; its row loses the recipient once it is sent. Repeating it changes
 * nothing.
 */
export async function eraseRecipient(
  tx: Transaction,
  userId: string,
  notices: readonly PlannedMessage[],
  eventTime: Date,
  dependencies: Pick<Dependencies, 'now' | 'retentionDays'>,
): Promise<void> {
  await markErased(tx, userId, dependencies.now());
  const locale = (await findPreferences(tx, [userId])).get(userId)?.locale;
  await eraseNotifications(tx, userId);
  await deletePreferences(tx, userId);
  await queueLastMessages(
    tx,
    notices.map((message) => ({
      message: { ...message, content: { ...message.content, ...(locale ? { locale } : {}) } },
      eventTime,
    })),
    dependencies,
  );
}
