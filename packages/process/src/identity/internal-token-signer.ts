import { importJWK, SignJWT, type JWK } from 'jose';
import { ExpiringCache } from '../cache/expiring-cache.ts';
import { internalToken } from './internal-token.ts';
import { formatScopes, type Viewer } from './viewer.ts';

export interface InternalTokenSigner {
  /**
   * Creates a token that proves the viewer to one subgraph only.
   *
   * @param audience the subgraph's name
   */
  sign(viewer: Viewer, audience: string): Promise<string>;
}

/**
 * Signs the short-lived tokens by which subgraphs recognise the gateway. A token is reused for half of its life for
 * the same viewer and subgraph, since signing costs more than the rest of preparing a call.
 *
 * @param options.privateJwk a private Ed25519 JWK with `kid`
 * @param options.ttlSeconds 60 by default
 * @param options.maxCached how many tokens are kept, 10,000 by default
 */
export function createInternalTokenSigner(options: {
  privateJwk: JWK;
  ttlSeconds?: number;
  maxCached?: number;
}): InternalTokenSigner {
  const { privateJwk, ttlSeconds = internalToken.ttlSeconds, maxCached = 10_000 } = options;
  const key = importJWK(privateJwk, internalToken.algorithm);
  // A rejection must not end the process before sign() is called and reports it.
  key.catch(() => undefined);
  const signed = new ExpiringCache<Promise<string>>({ maxEntries: maxCached });

  async function create(viewer: Viewer, audience: string, scope: string): Promise<string> {
    const token = new SignJWT({ scope, ...(viewer.sessionId === null ? {} : { sid: viewer.sessionId }) })
      .setProtectedHeader({
        alg: internalToken.algorithm,
        typ: internalToken.type,
        ...(privateJwk.kid === undefined ? {} : { kid: privateJwk.kid }),
      })
      .setIssuer(internalToken.issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${ttlSeconds} s`);
    if (viewer.userId !== null) token.setSubject(viewer.userId);
    return token.sign(await key);
  }

  return {
    sign(viewer, audience) {
      const scope = formatScopes(viewer.scopes);
      const id = JSON.stringify([audience, viewer.userId, viewer.sessionId, scope]);
      const known = signed.get(id);
      if (known !== undefined) return known;
      const token = create(viewer, audience, scope);
      signed.set(id, token, Date.now() + ttlSeconds * 500);
      token.catch(() => signed.delete(id));
      return token;
    },
  };
}
