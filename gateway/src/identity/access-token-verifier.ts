import { ExpiringCache, parseScopes, type Viewer } from '@shop/service';
import { jwtVerify, type JWTVerifyGetKey } from 'jose';

const algorithms = ['EdDSA', 'ES256'];

/** A verified token is trusted without looking again for this long at most, so that a withdrawn key stops working. */
const maxCachedMs = 5 * 60_000;

/** Rejects with jose's error for a token that is not valid, with KeysUnavailableError when that cannot be told. */
export type VerifyAccessToken = (token: string) => Promise<Viewer>;

/**
 * Verifies access tokens (RFC 9068). Algorithm, type, issuer and audience are fixed here; nothing of a token's own header
 * chooses how it is verified, but the id of the key.
 */
export function createAccessTokenVerifier(options: {
  keys: JWTVerifyGetKey;
  issuer: string;
  audience: string;
  maxCached?: number;
}): VerifyAccessToken {
  const { keys, issuer, audience } = options;
  const verified = new ExpiringCache<Viewer>({ maxEntries: options.maxCached ?? 10_000 });

  return async (token) => {
    const known = verified.get(token);
    if (known !== undefined) return known;
    const { payload } = await jwtVerify(token, keys, {
      algorithms,
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    const viewer: Viewer = Object.freeze({
      userId: payload.sub ?? null,
      sessionId: typeof payload['sid'] === 'string' ? payload['sid'] : null,
      scopes: parseScopes(payload['scope']),
    });
    verified.set(token, viewer, Math.min((payload.exp ?? 0) * 1000, Date.now() + maxCachedMs));
    return viewer;
  };
}
