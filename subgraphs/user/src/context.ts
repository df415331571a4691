import type { Logger, Viewer } from '@shop/process';
import type DataLoader from 'dataloader';
import { createPendingEmailLoader } from './db/account-requests.ts';
import { createSessionLoader } from './db/sessions.ts';
import { createUserLoader } from './db/users.ts';
import type { Session } from './domain/session.ts';
import type { User } from './domain/user.ts';
import type { Client, Dependencies } from './use-cases/dependencies.ts';

export interface Context extends Dependencies {
  readonly logger: Logger;
  readonly viewer: Viewer;
  readonly client: Client;
  readonly users: DataLoader<string, User | null>;
  readonly sessions: DataLoader<string, Session[]>;
  /** The new e-mails of accounts that wait to be verified. */
  readonly pendingEmails: DataLoader<string, string | null>;
  /**
   * Accounts that this request opened or signed in to. The caller owns them, although the request came without a
   * token.
   */
  readonly justSignedIn: Set<string>;
}

/** The context of one request. Loaders live as long as the request, so that no row is read twice or shared between requests. */
export function createContext(
  dependencies: Dependencies & { readonly logger: Logger },
  request: { viewer: Viewer; ip: string | null; userAgent: string | null },
): Context {
  return {
    ...dependencies,
    viewer: request.viewer,
    client: { ip: request.ip, userAgent: request.userAgent },
    users: createUserLoader(dependencies.database),
    sessions: createSessionLoader(dependencies.database, dependencies.now),
    pendingEmails: createPendingEmailLoader(dependencies.database, dependencies.now),
    justSignedIn: new Set(),
  };
}
