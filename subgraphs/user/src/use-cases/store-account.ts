import { appendToOutbox } from '@shop/messaging';
import { appendAudit, sqlOver, uuidv7 } from '@shop/subgraph';
import { insertRequests } from '../db/account-requests.ts';
import type { Transaction } from '../db/database.ts';
import { insertUser, type Account } from '../db/users.ts';
import { newRequest } from '../domain/account-request.ts';
import { userWasCreated } from '../events/outgoing.ts';

/**
 * Stores a new account inside the caller's transaction, with the request for the first link that it is sent. Throws when another
 * account has the e-mail.
 *
 * @param options.openedBy who opened it for somebody else; null for the owner and the system
 * @param options.link what the first link does; null when none is sent
 */
export async function storeAccount(
  tx: Transaction,
  account: Account,
  { openedBy, link }: { readonly openedBy: string | null; readonly link: 'VERIFY_EMAIL' | 'INVITATION' | null },
): Promise<void> {
  const { id, role, createdAt: at } = account;
  const request = link && newRequest({ id: uuidv7(), userId: id, at }, { purpose: link });
  await insertUser(tx, account);
  if (request) await insertRequests(tx, [request]);
  await appendToOutbox(sqlOver(tx), [userWasCreated(account, request)]);
  // Customers open their own accounts, which the account itself shows.
  const isNoted = openedBy !== null || role !== 'CUSTOMER';
  const entry = { actorId: openedBy, action: 'ACCOUNT_OPENED', subjectId: id, details: { role } };
  await appendAudit(tx, isNoted ? [entry] : [], at);
}
