import type { Transaction } from '../db/database.ts';
import { forgetAuthor } from '../db/__names__.ts';

/** Erases a deleted account from its __names__. The __names__ stay. A repeated event changes nothing. */
export async function eraseAuthor(tx: Transaction, userId: string): Promise<void> {
  await forgetAuthor(tx, userId);
}
