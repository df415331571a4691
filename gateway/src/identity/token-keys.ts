import { createRemoteJWKSet, customFetch, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Logger } from '@shop/process';

const fetchTimeoutMs = 3_000;
/** An unknown key id causes a fetch, but not more often than this, whether fetching works or not. */
const cooldownMs = 30_000;
/** After this time the keys are fetched again in the background. */
const refreshMs = 5 * 60_000;

/** The keys cannot be fetched, and no key that was fetched before fits. */
export class KeysUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The keys that verify access tokens cannot be fetched.', { cause });
    this.name = 'KeysUnavailableError';
  }
}

export interface TokenKeys {
  /** For jose's `jwtVerify`. Rejects with KeysUnavailableError. */
  readonly getKey: JWTVerifyGetKey;
  /** How often the keys were fetched. A token that was verified before the last fetch may have been signed by a withdrawn key. */
  readonly fetches: number;
  /** When the next use of a key causes a fetch, in milliseconds since the epoch. */
  readonly dueAt: number;
  /** @throws KeysUnavailableError */
  current(): Promise<JSONWebKeySet>;
}

/**
 * The public keys of access tokens, from the JWKS of the service that issues them. They are fetched on first use and kept:
 * while that service is down, tokens are verified with the keys that are known. A flood of invented key ids costs one fetch in
 * 30 s, also while fetching fails. Concurrent callers share a fetch.
 *
 * @param options.fetchKeys gets the JWKS from any instance of that service
 * @param options.now milliseconds; for tests
 */
export function createTokenKeys(options: {
  fetchKeys: (timeoutMs: number) => Promise<Response>;
  logger: Logger;
  now?: () => number;
}): TokenKeys {
  const { logger, now = Date.now } = options;
  // jose wants a URL, but `fetchKeys` knows where the keys are.
  const remote = createRemoteJWKSet(new URL('http://token-issuer.invalid'), {
    [customFetch]: () => options.fetchKeys(fetchTimeoutMs),
    timeoutDuration: fetchTimeoutMs,
    // jose would fetch for each unknown key id while fetching fails, and reject an old set. `fetchKeys` decides instead.
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

  async function ensureKeys(): Promise<void> {
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
      await ensureKeys();
      try {
        return await remote(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (fetching !== undefined) await fetching;
        else if (now() - attemptedAt >= cooldownMs) await fetchKeys();
        // The key may be new. Only a fresh set can tell that it is unknown.
        else if (failure !== undefined) throw failure;
        return remote(header, token);
      }
    },
    async current() {
      await ensureKeys();
      return remote.jwks() ?? { keys: [] };
    },
  };
}
