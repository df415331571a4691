import { createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Logger } from '@shop/process';

const fetchTimeoutMs = 3_000;
/** An unknown key id makes the set be fetched again, but not more often than this, whether fetching works or not. */
const cooldownMs = 30_000;
/** The set is fetched anew in the background after this long. */
const refreshMs = 5 * 60_000;

/** The user subgraph's keys cannot be fetched, and none that was fetched before will do. */
export class KeysUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The keys that access tokens are verified with cannot be fetched.', { cause });
    this.name = 'KeysUnavailableError';
  }
}

export interface UserKeys {
  /** For jose's `jwtVerify`; rejects with KeysUnavailableError. */
  readonly getKey: JWTVerifyGetKey;
  /** How often the keys were fetched: what was verified before the last time may have been signed with one that was withdrawn. */
  readonly fetches: number;
  /** When they are due to be fetched again, by whoever asks for a key then; milliseconds since the epoch. */
  readonly dueAt: number;
  /** @throws KeysUnavailableError */
  current(): Promise<JSONWebKeySet>;
}

/**
 * The public keys of access tokens, from the user subgraph's JWKS. They are fetched when first needed and kept: while the
 * user subgraph is away, tokens go on being verified with the keys it had. A flood of made-up key ids costs one fetch in
 * 30 s, also while fetching fails; whoever waits for a fetch that is under way shares it.
 *
 * @param options.now milliseconds; for tests
 */
export function createUserKeys(options: { url: URL; logger: Logger; now?: () => number }): UserKeys {
  const { url, logger, now = Date.now } = options;
  const remote = createRemoteJWKSet(url, {
    timeoutDuration: fetchTimeoutMs,
    // jose would fetch again for each unknown key id while fetching fails, and refuse an old set: `fetchKeys` is asked instead.
    cooldownDuration: Infinity,
    cacheMaxAge: Infinity,
  });
  let attemptedAt = -Infinity;
  let fetches = 0;
  let failure: KeysUnavailableError | undefined;
  let fetching: Promise<void> | undefined;

  function fetchKeys(): Promise<void> {
    attemptedAt = now();
    fetching ??= remote
      .reload()
      .then(
        () => {
          failure = undefined;
          fetches += 1;
        },
        (error: unknown) => Promise.reject((failure = new KeysUnavailableError(error))),
      )
      .finally(() => (fetching = undefined))
      .then(() => undefined);
    return fetching;
  }

  async function haveKeys(): Promise<void> {
    if (remote.jwks() === undefined) await fetchKeys();
    else if (now() - attemptedAt >= refreshMs) {
      fetchKeys().catch((error: unknown) => logger.warn({ err: error }, 'the JWKS could not be refreshed'));
    }
  }

  return {
    get fetches() {
      return fetches;
    },
    get dueAt() {
      return attemptedAt + refreshMs;
    },
    async getKey(header, token) {
      await haveKeys();
      try {
        return await remote(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (fetching !== undefined) await fetching;
        else if (now() - attemptedAt >= cooldownMs) await fetchKeys();
        // The key may be new: that it is unknown can be said only of a set that is.
        else if (failure !== undefined) throw failure;
        return remote(header, token);
      }
    },
    async current() {
      await haveKeys();
      return remote.jwks() ?? { keys: [] };
    },
  };
}
