import type { Transaction } from '../db/database.ts';
import { anonymiseOrders, forgetActor } from '../db/anonymise.ts';
import { markErased } from '../db/erased-accounts.ts';

/**
 * Erases what is held of a deleted account. Its orders stay with their lines, totals and states; who placed them and
 * where they went does not. Doing it again changes nothing, and what comes later is refused: see `account_is_open`.
 */
export async function eraseCustomer(tx: Transaction, userId: string, at: Date): Promise<void> {
  await markErased(tx, userId, at);
  await anonymiseOrders(tx, userId);
  await forgetActor(tx, userId);
}
