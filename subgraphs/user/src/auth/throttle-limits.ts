/** So many attempts in each window; the window begins with the first of them, and refused ones do not prolong it. */
export interface Limit {
  readonly points: number;
  readonly seconds: number;
}

export interface ThrottleLimits {
  /** Sign-ins to one account from one address: what stops guessing. */
  readonly accountFromAddress: Limit;
  /** Sign-ins to one account from all addresses that have never signed in to it: what stops guessing from many. */
  readonly accountFromStrangers: Limit;
  /** Sign-ins from one address to whichever account: what stops trying leaked pairs of e-mail and password. */
  readonly address: Limit;
  /** Accounts opened from one address. */
  readonly registration: Limit;
  /** Passwords that a signed-in user is asked for once more. */
  readonly passwordCheck: Limit;
}

/** How long an address that has signed in to an account is known to it. */
export const KNOWN_FOR_SECONDS = 90 * 24 * 60 * 60;
