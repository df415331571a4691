/**
 * The number of attempts in a window. The window begins with the first attempt, and rejected attempts do not extend
 * it.
 */
export interface Limit {
  readonly points: number;
  readonly seconds: number;
}

export interface ThrottleLimits {
  /** Sign-ins to one account from one address. Stops guessing. */
  readonly accountFromAddress: Limit;
  /** Sign-ins to one account from all addresses that have never signed in to it. Stops distributed guessing. */
  readonly accountFromStrangers: Limit;
  /** Sign-ins from one address to any account. Stops trying leaked pairs of e-mail and password. */
  readonly address: Limit;
  /** Accounts opened from one address. */
  readonly registration: Limit;
  /** Password checks of a signed-in user. */
  readonly passwordCheck: Limit;
}

/** How long an address stays known to an account after signing in to it. */
export const KNOWN_FOR_SECONDS = 90 * 24 * 60 * 60;
