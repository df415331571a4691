import { emailKey } from '../domain/email.ts';
import { openLimiters, type Limiter } from './throttle-limiters.ts';
import { toNetwork, throttleKey } from './throttle-keys.ts';
import { KNOWN_FOR_SECONDS, type ThrottleLimits } from './throttle-limits.ts';

/** A counted attempt, and whether it is allowed. */
export type Attempt =
  | {
      readonly isAllowed: true;
      /** Call it when the password is correct. It takes back counts that must not affect the owner. */
      succeeded(): Promise<void>;
    }
  | { readonly isAllowed: false; readonly retryAt: Date };

/**
 * Counts attempts in PostgreSQL, so that replicas share the counters. Each call is one attempt. Call it before
 * hashing.
 */
export interface Throttle {
  signIn(email: string, ip: string | null): Promise<Attempt>;
  register(ip: string | null): Promise<Attempt>;
  /** Remembers that the owner signed in from an address: attempts of others no longer block sign-ins from there. */
  remember(email: string, ip: string | null): Promise<void>;
  /** A signed-in user enters the password again, to change it or to delete the account. */
  checkPassword(userId: string): Promise<Attempt>;
  close(): Promise<void>;
}

const nothing = async () => {};

/** Opens the throttle over the table `throttles`, with a small pool of its own. */
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
     * Strangers cannot lock an account: for an address that has signed in to it before, only attempts from that
     * address count.
     * The queries are the same whether or not the account exists and the address is known.
     */
    async signIn(email, ip) {
      const { account, address, pair } = createKeys(email, ip);
      const [addressRetryAt, isKnown] = await Promise.all([limiters.address.count(address), known.has(pair)]);
      if (addressRetryAt !== null && !isKnown) return { isAllowed: false, retryAt: addressRetryAt };
      const pairRetryAt = await limiters.accountFromAddress.count(pair);
      if (pairRetryAt !== null) {
        // A rejected attempt guesses nothing: repeated attempts on one account must not use up the limit of a shared
        // address.
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
            // Only this attempt is taken back: a valid account of one's own must not reset the counters for others.
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
