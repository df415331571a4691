import { ExpiringCache, parseScopes, type Viewer } from '@shop/process';
import { jwtVerify } from 'jose';
import type { UserKeys } from './user-keys.ts';

const algorithms = ['EdDSA', 'ES256'];

/** Rejects with jose's error for a token that is not valid, with KeysUnavailableError when that cannot be told. */
export type VerifyAccessToken = (token: string) => Promise<Viewer>;

/**
 * Verifies access tokens (RFC 9068). Algorithm, type, issuer and audience are fixed here; nothing of a token's own header
 * chooses how it is verified, but the id of the key.
 *
 * A verified token is remembered until it expires, and no longer than the keys are: else a withdrawn one would go on working.
 *
 * @param options.maxCached how many verified tokens are kept, 10,000 by default
 * @param options.now milliseconds; for tests
 */
export function createAccessTokenVerifier(options: {
  keys: Pick<UserKeys, 'getKey' | 'fetches' | 'dueAt'>;
  issuer: string;
  audience: string;
  maxCached?: number;
  now?: () => number;
}): VerifyAccessToken {
  const { keys, issuer, audience, maxCached = 10_000, now = Date.now } = options;
  let verified = new ExpiringCache<Viewer>({ maxEntries: maxCached, now });
  let verifiedWith = keys.fetches;

  return async (token) => {
    if (verifiedWith !== keys.fetches) {
      verified = new ExpiringCache<Viewer>({ maxEntries: maxCached, now });
      verifiedWith = keys.fetches;
    }
    const remembered = verified;
    const known = remembered.get(token);
    if (known !== undefined) return known;
    const { payload } = await jwtVerify(token, keys.getKey, {
      algorithms,
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: new Date(now()),
    });
    const viewer: Viewer = Object.freeze({
      userId: payload.sub ?? null,
      sessionId: typeof payload['sid'] === 'string' ? payload['sid'] : null,
      scopes: parseScopes(payload['scope']),
    });
    // If the keys were fetched meanwhile, this is the memory that nobody asks any more.
    remembered.set(token, viewer, Math.min((payload.exp ?? 0) * 1000, keys.dueAt));
    return viewer;
  };
}
