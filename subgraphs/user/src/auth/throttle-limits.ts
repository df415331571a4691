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
  /** Answers to one address that an e-mail belongs to an account. Slows down the collecting of e-mails. */
  readonly emailTaken: Limit;
  /** Attempts of one account to change its e-mail. */
  readonly emailChange: Limit;
  /** Mails with links that one address asks for. */
  readonly linksFromAddress: Limit;
  /** Mails with links of one kind to one e-mail, and for one account. Stops filling a mailbox. */
  readonly linksToEmail: Limit;
  /** Password checks of a signed-in user. */
  readonly passwordCheck: Limit;
}

/** How long an address stays known to an account after signing in to it. */
export const KNOWN_FOR_SECONDS = 90 * 24 * 60 * 60;

/**
 * Beyond the limit of an address, its owners still get in with the right password, so passwords are still hashed. Beyond this many
 * times the limit nobody gets in, and nothing is hashed.
 */
export const ADDRESS_HARD_FACTOR = 4;
