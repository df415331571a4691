/** The effect of a request's link: it sets a password, or verifies an e-mail. */
export type RequestPurpose = 'RESET_PASSWORD' | 'INVITATION' | 'VERIFY_EMAIL' | 'CHANGE_EMAIL';

/** A request for a mail with a link. It lives until one of its links is used. */
export interface AccountRequest {
  readonly id: string;
  readonly userId: string;
  readonly purpose: RequestPurpose;
  /** The new e-mail of CHANGE_EMAIL, where its link goes. Null otherwise: the link goes to the account's e-mail. */
  readonly email: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The purposes whose link sets a password. */
export const passwordPurposes = ['RESET_PASSWORD', 'INVITATION'] as const satisfies readonly RequestPurpose[];
/** The purposes whose link verifies an e-mail. */
export const emailPurposes = ['VERIFY_EMAIL', 'CHANGE_EMAIL'] as const satisfies readonly RequestPurpose[];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How long the links of a request work, in milliseconds. An invitation waits for somebody who does not expect it. */
export const LIFETIMES_MS: Readonly<Record<RequestPurpose, number>> = {
  RESET_PASSWORD: 30 * MINUTE,
  INVITATION: 7 * DAY,
  VERIFY_EMAIL: DAY,
  CHANGE_EMAIL: DAY,
};

/** How long a former e-mail is kept for the notice that goes there, in milliseconds. */
export const FORMER_ADDRESS_KEPT_MS = 3 * DAY;

/** Makes a request of an account. */
export function newRequest(
  { id, userId, at }: { readonly id: string; readonly userId: string; readonly at: Date },
  wish:
    | { readonly purpose: Exclude<RequestPurpose, 'CHANGE_EMAIL'> }
    | { readonly purpose: 'CHANGE_EMAIL'; readonly email: string },
): AccountRequest {
  const expiresAt = new Date(at.getTime() + LIFETIMES_MS[wish.purpose]);
  return { id, userId, email: null, ...wish, createdAt: at, expiresAt };
}

/** The kind of link of a request, as its page needs it. */
export function linkKind(purpose: RequestPurpose): 'RESET_PASSWORD' | 'VERIFY_EMAIL' {
  return passwordPurposes.some((each) => each === purpose) ? 'RESET_PASSWORD' : 'VERIFY_EMAIL';
}
