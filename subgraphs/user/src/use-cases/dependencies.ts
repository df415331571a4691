import type { AccessTokens } from '../auth/access-tokens.ts';
import type { AddressSealer } from '../auth/address-sealer.ts';
import type { PasswordHasher } from '../auth/password-hasher.ts';
import type { Throttle } from '../auth/throttle.ts';
import type { Database } from '../db/database.ts';

export interface Dependencies {
  readonly database: Database;
  readonly hasher: PasswordHasher;
  readonly throttle: Throttle;
  readonly accessTokens: AccessTokens;
  /** Encrypts former e-mails. */
  readonly sealer: AddressSealer;
  readonly now: () => Date;
}

/** The caller of a use-case, and the session of the request. */
export interface SignedIn {
  readonly userId: string;
  readonly sessionId: string | null;
}

/** Where a request came from. It is stored with the session that the request opens. */
export interface Client {
  readonly ip: string | null;
  readonly userAgent: string | null;
}
