import { userDeleted } from '@shop/contracts';
import { on } from '@shop/messaging';
import type { Transaction } from '../db/database.ts';
import { eraseAuthor } from '../use-cases/erase-author.ts';

/** The table from events of other services to use-cases. */
export const handlers = [on(userDeleted, ({ data: { userId } }, tx: Transaction) => eraseAuthor(tx, userId))];
