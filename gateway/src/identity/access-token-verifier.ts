import { accessToken, type Counter, ExpiringCache, InvalidClaims, readClaims, type Viewer } from '@shop/process';
import { jwtVerify } from 'jose';
import type { TokenKeys } from './token-keys.ts';

const algorithms = ['EdDSA', 'ES256'];

/** Nobody issues access tokens for this gateway. */
export class NoTokensError extends Error {
  constructor() {
    super('No subgraph issues access tokens, and JWKS_URL is not set.');
    this.name = 'NoTokensError';
  }
}

/** The caller that an access token names. */
export interface VerifiedCaller {
  readonly viewer: Viewer;
  /** When the token expires, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Rejects with jose's error for an invalid token, with KeysUnavailableError when the keys are missing, and with NoTokensError when nobody
 * issues tokens.
 */
export type VerifyAccessToken = (token: string) => Promise<VerifiedCaller>;

/**
 * Verifies access tokens (RFC 9068). Algorithms, type, issuer and audience are fixed here. A token's own header chooses nothing
 * but the id of the key. The claims follow the same rule as those of internal tokens. Every token belongs to a session, so that it can
 * be revoked.
 *
 * A verified token is remembered until it expires or the keys are fetched again. Otherwise a token would outlive its key.
 *
 * @param options.hasIssuer tells whether somebody issues tokens; default: yes
 * @param options.maxCached how many verified tokens are kept, 10,000 by default
 * @param options.lookups counts the lookups by result; default: nobody
 * @param options.now milliseconds; for tests
 */
export function createAccessTokenVerifier(options: {
  keys: Pick<TokenKeys, 'getKey' | 'fetches' | 'dueAt'>;
  issuer: string;
  audience: string;
  hasIssuer?: () => boolean;
  maxCached?: number;
  lookups?: Counter<'result'>;
  now?: () => number;
}): VerifyAccessToken {
  const { keys, issuer, audience, hasIssuer = () => true, lookups, maxCached = 10_000, now = Date.now } = options;
  let verified = new ExpiringCache<VerifiedCaller>({ maxEntries: maxCached, now });
  let verifiedWith = keys.fetches;

  return async (token) => {
    if (!hasIssuer()) throw new NoTokensError();
    if (verifiedWith !== keys.fetches) {
      verified = new ExpiringCache<VerifiedCaller>({ maxEntries: maxCached, now });
      verifiedWith = keys.fetches;
    }
    const remembered = verified;
    const known = remembered.get(token);
    lookups?.inc({ result: known === undefined ? 'miss' : 'hit' });
    if (known !== undefined) return known;
    const { payload } = await jwtVerify(token, keys.getKey, {
      algorithms,
      typ: accessToken.type,
      issuer,
      audience,
      requiredClaims: ['sub', 'sid', 'exp', 'iat'],
      currentDate: new Date(now()),
    });
    const { viewer, iat, exp } = readClaims(payload, { maxSeconds: accessToken.ttlSeconds });
    if (iat * 1000 > now() + accessToken.clockToleranceSeconds * 1000)
      throw new InvalidClaims('the token was issued in the future');
    // If the keys were fetched meanwhile, this is the old cache, which is no longer read.
    const caller: VerifiedCaller = { viewer, expiresAt: exp * 1000 };
    remembered.set(token, caller, Math.min(caller.expiresAt, keys.dueAt));
    return caller;
  };
}
