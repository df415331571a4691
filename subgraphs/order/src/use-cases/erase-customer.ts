import type { Transaction } from '../db/database.ts';
import { pauseArchiving } from '../db/archive.ts';
import { anonymiseOrders, forgetActor } from '../db/anonymise.ts';
import { markErased } from '../db/erased-accounts.ts';

/**
 * Erases the personal data of a deleted account. Orders keep their lines, totals and statuses, and lose customer and
 * addresses.
 * Repeating it changes nothing. Later requests of the account are rejected: see `account_is_open`.
 */
export async function eraseCustomer(tx: Transaction, userId: string, at: Date): Promise<void> {
  await markErased(tx, userId, at);
  await pauseArchiving(tx);
  await anonymiseOrders(tx, userId);
  await forgetActor(tx, userId);
}
