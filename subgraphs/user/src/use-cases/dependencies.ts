import type { AccessTokens } from '../auth/access-tokens.ts';
import type { PasswordHasher } from '../auth/password-hasher.ts';
import type { Throttle } from '../auth/throttle.ts';
import type { Database } from '../db/database.ts';

export interface Dependencies {
  readonly database: Database;
  readonly hasher: PasswordHasher;
  readonly throttle: Throttle;
  readonly accessTokens: AccessTokens;
  readonly now: () => Date;
}

/** Whose account a use-case works on, and the session that asks. */
export interface SignedIn {
  readonly userId: string;
  readonly sessionId: string | null;
}

/** Where a request came from, kept with the session that it opens. */
export interface Client {
  readonly ip: string | null;
  readonly userAgent: string | null;
}
