/** The state of a customer's e-mail. `unknown` when that cannot be found out now. */
export type EmailState = 'verified' | 'not-verified' | 'no-account' | 'unknown';
