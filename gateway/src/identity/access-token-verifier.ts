import { ExpiringCache, parseScopes, type Viewer } from '@shop/process';
import { jwtVerify } from 'jose';
import type { TokenKeys } from './token-keys.ts';

const algorithms = ['EdDSA', 'ES256'];

/** Rejects with jose's error for an invalid token, and with KeysUnavailableError when the keys are missing. */
export type VerifyAccessToken = (token: string) => Promise<Viewer>;

/**
 * Verifies access tokens (RFC 9068). Algorithms, type, issuer and audience are fixed here. A token's own header chooses nothing
 * but the id of the key.
 *
 * A verified token is remembered until it expires or the keys are fetched again. Otherwise a token would outlive its key.
 *
 * @param options.maxCached how many verified tokens are kept, 10,000 by default
 * @param options.now milliseconds; for tests
 */
export function createAccessTokenVerifier(options: {
  keys: Pick<TokenKeys, 'getKey' | 'fetches' | 'dueAt'>;
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
    // If the keys were fetched meanwhile, this is the old cache, which is no longer read.
    remembered.set(token, viewer, Math.min((payload.exp ?? 0) * 1000, keys.dueAt));
    return viewer;
  };
}
