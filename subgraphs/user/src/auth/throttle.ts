import { emailKey } from '../domain/email.ts';
import { openLimiters, type Limiter } from './throttle-limiters.ts';
import { toNetwork, throttleKey } from './throttle-keys.ts';
import { KNOWN_FOR_SECONDS, type ThrottleLimits } from './throttle-limits.ts';

/** An attempt that was counted, and whether it may be made. */
export type Attempt =
  | {
      readonly isAllowed: true;
      /** To be called when the password was right: it forgives what must not count against the owner. */
      succeeded(): Promise<void>;
    }
  | { readonly isAllowed: false; readonly retryAt: Date };

/** Counts attempts in PostgreSQL, so that replicas share the counters. Each call is one attempt; call it before hashing. */
export interface Throttle {
  signIn(email: string, ip: string | null): Promise<Attempt>;
  register(ip: string | null): Promise<Attempt>;
  /** The account's owner is there: what others do does not keep them from signing in from this address. */
  remember(email: string, ip: string | null): Promise<void>;
  /** A signed-in user gives the password once more, to change it or to delete the account. */
  checkPassword(userId: string): Promise<Attempt>;
  close(): Promise<void>;
}

const nothing = async () => {};

/** Opens the throttle on the table `throttles` of a database, with a small pool of its own. */
export function openThrottle(databaseUrl: string, limits: ThrottleLimits): Throttle {
  const { limiters, known, close } = openLimiters(databaseUrl, limits);

  async function countOne(limiter: Limiter, key: string, onSuccess: () => Promise<void>): Promise<Attempt> {
    const retryAt = await limiter.count(key);
    return retryAt === null ? { isAllowed: true, succeeded: onSuccess } : { isAllowed: false, retryAt };
  }

  const createKeys = (email: string, ip: string | null) => {
    const account = throttleKey(emailKey(email));
    const address = throttleKey(toNetwork(ip));
    return { account, address, pair: throttleKey(account, address) };
  };

  return {
    /**
     * Strangers cannot lock an account: where someone has signed in to it before, only what is tried from there counts.
     * The queries are the same whether the account exists or not, and whether the address is known or not.
     */
    async signIn(email, ip) {
      const { account, address, pair } = createKeys(email, ip);
      const [addressRetryAt, isKnown] = await Promise.all([limiters.address.count(address), known.has(pair)]);
      if (addressRetryAt !== null && !isKnown) return { isAllowed: false, retryAt: addressRetryAt };
      const pairRetryAt = await limiters.accountFromAddress.count(pair);
      if (pairRetryAt !== null) {
        // What is refused here guesses nothing: who tries one account over and over does not use up a shared address.
        await limiters.address.takeBack(address);
        return { isAllowed: false, retryAt: pairRetryAt };
      }
      const strangersRetryAt = await limiters.accountFromStrangers.count(account);
      if (strangersRetryAt !== null && !isKnown) {
        await Promise.all([limiters.address.takeBack(address), limiters.accountFromAddress.takeBack(pair)]);
        return { isAllowed: false, retryAt: strangersRetryAt };
      }

      return {
        isAllowed: true,
        async succeeded() {
          await Promise.all([
            known.add(pair, KNOWN_FOR_SECONDS),
            limiters.accountFromAddress.forget(pair),
            // Only this attempt: whoever has an account of their own must not get the others back.
            limiters.address.takeBack(address),
            limiters.accountFromStrangers.takeBack(account),
          ]);
        },
      };
    },
    remember: (email, ip) => known.add(createKeys(email, ip).pair, KNOWN_FOR_SECONDS),
    register: (ip) => countOne(limiters.registration, throttleKey(toNetwork(ip)), nothing),
    checkPassword: (userId) => {
      const key = throttleKey(userId);
      return countOne(limiters.passwordCheck, key, () => limiters.passwordCheck.forget(key));
    },
    close,
  };
}
