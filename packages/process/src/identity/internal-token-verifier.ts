import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { ExpiringCache } from '../cache/expiring-cache.ts';
import { internalToken } from './internal-token.ts';
import { parseScopes, type Viewer } from './viewer.ts';

/** Verifies an internal token. Rejects with jose's error when it is not valid for this subgraph. */
export type VerifyInternalToken = (token: string) => Promise<Viewer>;

/**
 * Creates a verifier that accepts only the gateway's tokens: algorithm, type, issuer, audience and expiry are fixed.
 * Verified tokens are cached until they expire.
 *
 * @param options.jwks the gateway's public keys; more than one while keys rotate
 * @param options.audience this subgraph's name
 * @param options.maxCached how many verified tokens are kept, 10,000 by default
 */
export function createInternalTokenVerifier(options: {
  jwks: JSONWebKeySet;
  audience: string;
  maxCached?: number;
}): VerifyInternalToken {
  const keys = createLocalJWKSet(options.jwks);
  const verified = new ExpiringCache<Viewer>({ maxEntries: options.maxCached ?? 10_000 });

  return async (token) => {
    const known = verified.get(token);
    if (known !== undefined) return known;
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [internalToken.algorithm],
      typ: internalToken.type,
      issuer: internalToken.issuer,
      audience: options.audience,
      requiredClaims: ['exp', 'iat'],
      // A token with a long life is not the gateway's, even with a valid signature.
      maxTokenAge: `${2 * internalToken.ttlSeconds} s`,
      clockTolerance: internalToken.clockToleranceSeconds,
    });
    const viewer: Viewer = Object.freeze({
      userId: payload.sub ?? null,
      sessionId: typeof payload['sid'] === 'string' ? payload['sid'] : null,
      scopes: parseScopes(payload['scope']),
    });
    verified.set(token, viewer, (payload.exp ?? 0) * 1000);
    return viewer;
  };
}
