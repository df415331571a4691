import type { Client, Dependencies } from './dependencies.ts';
import { openAccount } from './open-account.ts';
import { openSession } from './open-session.ts';

/** Opens a customer's account and signs it in. Throws HasherBusy. */
export function register(dependencies: Dependencies, input: unknown, client: Client) {
  return openAccount(dependencies, input, 'CUSTOMER', (tx, user) =>
    openSession(tx, dependencies.accessTokens, { user, client, now: user.createdAt }),
  );
}
