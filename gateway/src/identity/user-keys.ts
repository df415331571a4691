import { createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Logger } from '@shop/service';

const fetchTimeoutMs = 3_000;
/** An unknown key id makes the set be fetched again, but not more often than this. */
const cooldownMs = 30_000;
/** The set is fetched anew in the background after this long. */
const refreshMs = 5 * 60_000;

/** The user subgraph's keys were never fetched, and cannot be now. */
export class KeysUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The keys that access tokens are verified with cannot be fetched.', { cause });
    this.name = 'KeysUnavailableError';
  }
}

export interface UserKeys {
  /** For jose's `jwtVerify`; rejects with KeysUnavailableError. */
  readonly getKey: JWTVerifyGetKey;
  /** @throws KeysUnavailableError */
  current(): Promise<JSONWebKeySet>;
}

/**
 * The public keys of access tokens, from the user subgraph's JWKS. They are fetched when first needed and kept: while the
 * user subgraph is away, tokens go on being verified with the keys it had.
 */
export function createUserKeys(options: { url: URL; logger: Logger }): UserKeys {
  const remote = createRemoteJWKSet(options.url, {
    timeoutDuration: fetchTimeoutMs,
    cooldownDuration: cooldownMs,
    // jose would refuse to use an old set when fetching a new one fails; refreshing is done below instead.
    cacheMaxAge: Infinity,
  });
  let refreshedAt = Date.now();

  function refreshInBackground(): void {
    if (remote.jwks() === undefined || Date.now() - refreshedAt < refreshMs) return;
    refreshedAt = Date.now();
    remote.reload().catch((error: unknown) => options.logger.warn({ err: error }, 'the JWKS could not be refreshed'));
  }

  return {
    async getKey(header, token) {
      refreshInBackground();
      try {
        return await remote(header, token);
      } catch (error) {
        throw isAboutToken(error) ? error : new KeysUnavailableError(error);
      }
    },
    async current() {
      refreshInBackground();
      if (remote.jwks() === undefined) {
        await remote.reload().catch((error: unknown) => {
          throw new KeysUnavailableError(error);
        });
      }
      return remote.jwks() ?? { keys: [] };
    },
  };
}

/** Whether looking for the key failed because of what the token says, and not because there was no set to look in. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
