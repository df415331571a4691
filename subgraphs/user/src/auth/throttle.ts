import { emailKey } from '../domain/email.ts';
import { openLimiters, type Limiter, type SignInKeys } from './throttle-limiters.ts';
import { toNetwork, throttleKey } from './throttle-keys.ts';
import { ADDRESS_HARD_FACTOR, type ThrottleLimits } from './throttle-limits.ts';

/** A counted attempt, and whether it is allowed. */
export type Attempt =
  | {
      readonly isAllowed: true;
      /** Call it when the password is correct. It takes back counts that must not affect the owner. */
      succeeded(): Promise<void>;
    }
  | { readonly isAllowed: false; readonly retryAt: Date };

/**
 * A counted sign-in. Beyond some limits only the owner gets in, from an address that the account knows. Then the password must be
 * checked for everybody, and every refusal has the time of `retryAt`: otherwise answer or time would tell which accounts exist.
 */
export type SignInAttempt =
  | Extract<Attempt, { isAllowed: false }>
  | (Extract<Attempt, { isAllowed: true }> & {
      readonly limited: { readonly retryAt: Date; readonly isKnown: boolean } | null;
    });

/**
 * Counts attempts in PostgreSQL, so that replicas share the counters. Each call is one attempt. Call it before
 * hashing.
 */
export interface Throttle {
  signIn(email: string, ip: string | null): Promise<SignInAttempt>;
  register(ip: string | null): Promise<Attempt>;
  /** The client is about to learn that an e-mail belongs to an account. */
  revealEmail(ip: string | null): Promise<Attempt>;
  /** A signed-in user is about to change the e-mail. */
  changeEmail(userId: string, ip: string | null): Promise<Attempt>;
  /**
   * A mail with a link is about to be sent to an e-mail, whether an account has it or not. The account is counted where the caller is
   * signed in to it.
   */
  sendLink(kind: 'reset' | 'verification', to: { email: string; userId?: string }, ip: string | null): Promise<Attempt>;
  /** Remembers that the owner signed in from an address: attempts of others no longer block sign-ins from there. */
  remember(email: string, ip: string | null): Promise<void>;
  /** A signed-in user enters the password again, to change it or to delete the account. */
  checkPassword(userId: string): Promise<Attempt>;
  close(): Promise<void>;
}

const nothing = async () => {};

/** Opens the throttle over the table `throttles`, with a small pool of its own. */
export function openThrottle(databaseUrl: string, limits: ThrottleLimits): Throttle {
  const { limiters, signIns, close } = openLimiters(databaseUrl, limits);

  async function countOne(limiter: Limiter, key: string, onSuccess: () => Promise<void>): Promise<Attempt> {
    const exceeded = await limiter.count(key);
    return exceeded === null
      ? { isAllowed: true, succeeded: onSuccess }
      : { isAllowed: false, retryAt: exceeded.retryAt };
  }

  const createKeys = (email: string, ip: string | null): SignInKeys => {
    const account = throttleKey(emailKey(email));
    const address = throttleKey(toNetwork(ip));
    return { account, address, pair: throttleKey(account, address) };
  };

  return {
    /**
     * Strangers cannot lock an account: from an address that has signed in to it before, the owner gets in also when others have used
     * up the limits of the account or of the address. No answer depends on whether the account exists, or knows the address, unless
     * the password is right.
     */
    async signIn(email, ip) {
      const keys = createKeys(email, ip);
      const { address, pair, strangers, isKnown } = await signIns.count(keys);
      if (address !== null && address.factor > ADDRESS_HARD_FACTOR)
        return { isAllowed: false, retryAt: address.retryAt };
      if (pair !== null) {
        // A rejected attempt guesses nothing: repeated attempts on one account must not use up the limit of a shared
        // address.
        await limiters.address.takeBack(keys.address);
        return { isAllowed: false, retryAt: pair.retryAt };
      }
      const limit = address ?? strangers;

      return {
        isAllowed: true,
        limited: limit === null ? null : { retryAt: limit.retryAt, isKnown },
        // Only this attempt is taken back. A counter that others can see must not tell that somebody signed in.
        succeeded: () => signIns.settle(keys),
      };
    },
    remember: (email, ip) => signIns.remember(createKeys(email, ip).pair),
    async register(ip) {
      const address = throttleKey(toNetwork(ip));
      const revealed = await limiters.emailTaken.peek(address);
      if (revealed !== null) return { isAllowed: false, retryAt: revealed.retryAt };
      return countOne(limiters.registration, address, nothing);
    },
    revealEmail: (ip) => countOne(limiters.emailTaken, throttleKey(toNetwork(ip)), nothing),
    async changeEmail(userId, ip) {
      const revealed = await limiters.emailTaken.peek(throttleKey(toNetwork(ip)));
      if (revealed !== null) return { isAllowed: false, retryAt: revealed.retryAt };
      return countOne(limiters.emailChange, throttleKey(userId), nothing);
    },
    async sendLink(kind, { email, userId }, ip) {
      const address = throttleKey(toNetwork(ip));
      const fromAddress = await countOne(limiters.linksFromAddress, address, nothing);
      if (!fromAddress.isAllowed) return fromAddress;
      const keys = [throttleKey(kind, emailKey(email)), ...(userId === undefined ? [] : [throttleKey(kind, userId)])];
      for (const key of keys) {
        const attempt = await countOne(limiters.linksToEmail, key, nothing);
        if (attempt.isAllowed) continue;
        // Nothing is sent: the neighbours at a shared address shall not notice.
        await limiters.linksFromAddress.takeBack(address);
        return attempt;
      }
      return { isAllowed: true, succeeded: nothing };
    },
    checkPassword: (userId) => {
      const key = throttleKey(userId);
      return countOne(limiters.passwordCheck, key, () => limiters.passwordCheck.forget(key));
    },
    close,
  };
}
