import { appendToOutbox } from '@shop/messaging';
import { sqlOver, uuidv7 } from '@shop/subgraph';
import { insertRequests } from '../db/account-requests.ts';
import { takeAskedResets } from '../db/asked-resets.ts';
import { newRequest } from '../domain/account-request.ts';
import { passwordResetWasRequested } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

const BATCH = 100;

/**
 * Begins the password resets that were asked for e-mails of active accounts, and forgets the others. The links' time began when the
 * caller asked. Returns whether there may be more.
 */
export function beginAskedResets({ database }: Pick<Dependencies, 'database'>): Promise<boolean> {
  return database.transact(async (tx) => {
    const { taken, accounts } = await takeAskedResets(tx, BATCH);
    const requests = accounts.map(({ id: userId, askedAt: at }) =>
      newRequest({ id: uuidv7(), userId, at }, { purpose: 'RESET_PASSWORD' }),
    );
    await insertRequests(tx, requests);
    await appendToOutbox(sqlOver(tx), requests.map(passwordResetWasRequested));
    return taken === BATCH;
  });
}
