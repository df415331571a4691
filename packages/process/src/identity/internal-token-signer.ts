import { importJWK, SignJWT, type JWK } from 'jose';
import { ExpiringCache } from '../cache/expiring-cache.ts';
import { clockExchange, internalToken } from './internal-token.ts';
import { formatScopes, type Viewer } from './viewer.ts';

export interface InternalTokenSigner {
  /**
   * Creates a token that proves the viewer to one subgraph only.
   *
   * @param audience the subgraph's name
   */
  sign(viewer: Viewer, audience: string): Promise<string>;
  /**
   * Creates the proof of this process's time for a subgraph that refused a token with a challenge. Tokens that were
   * signed before it are not used again for this subgraph.
   *
   * @param challenges those of all replicas of the subgraph that refused the request
   */
  proveClock(audience: string, challenges: readonly string[]): Promise<string>;
}

/**
 * Signs the short-lived tokens by which subgraphs recognise the gateway. A token is reused for half of its life for
 * the same viewer and subgraph, since signing costs more than the rest of preparing a call.
 *
 * @param options.privateJwk a private Ed25519 JWK with `kid`
 * @param options.instance an id of this process, new at each start. Subgraphs then measure its clock, so that it may
 * differ from theirs, and the caller must answer their challenges. By default tokens are judged by a subgraph's clock.
 * @param options.ttlSeconds 60 by default
 * @param options.maxCached how many tokens are kept, 10,000 by default
 * @param options.now milliseconds since the epoch, by a clock that never steps while the process runs. By default that
 * of the host at the start of the process, counted on by a steady clock
 */
export function createInternalTokenSigner(options: {
  privateJwk: JWK;
  instance?: string;
  ttlSeconds?: number;
  maxCached?: number;
  now?: () => number;
}): InternalTokenSigner {
  const { privateJwk, instance, ttlSeconds = internalToken.ttlSeconds, maxCached = 10_000 } = options;
  const now = options.now ?? (() => performance.timeOrigin + performance.now());
  const key = importJWK(privateJwk, internalToken.algorithm);
  // A rejection must not end the process before sign() is called and reports it.
  key.catch(() => undefined);
  const signed = new ExpiringCache<Promise<string>>({ maxEntries: maxCached, now });
  /** The number of proofs for each subgraph. A token that was signed before a proof is found no more. */
  const proofs = new Map<string, number>();

  function createJwt(type: string, audience: string, claims: Record<string, unknown>, issuedAtMs: number): SignJWT {
    return new SignJWT({ ...claims, ...(instance === undefined ? {} : { instance }) })
      .setProtectedHeader({
        alg: internalToken.algorithm,
        typ: type,
        ...(privateJwk.kid === undefined ? {} : { kid: privateJwk.kid }),
      })
      .setIssuer(internalToken.issuer)
      .setAudience(audience)
      .setIssuedAt(Math.round(issuedAtMs) / 1000);
  }

  async function create(viewer: Viewer, audience: string, scope: string, issuedAtMs: number): Promise<string> {
    const claims = { scope, ...(viewer.sessionId === null ? {} : { sid: viewer.sessionId }) };
    const token = createJwt(internalToken.type, audience, claims, issuedAtMs);
    token.setExpirationTime(Math.round(issuedAtMs) / 1000 + ttlSeconds);
    if (viewer.userId !== null) token.setSubject(viewer.userId);
    return token.sign(await key);
  }

  return {
    sign(viewer, audience) {
      const scope = formatScopes(viewer.scopes);
      const id = JSON.stringify([audience, proofs.get(audience), viewer.userId, viewer.sessionId, scope]);
      const known = signed.get(id);
      if (known !== undefined) return known;
      const issuedAtMs = now();
      const token = create(viewer, audience, scope, issuedAtMs);
      signed.set(id, token, issuedAtMs + ttlSeconds * 500);
      token.catch(() => signed.delete(id));
      return token;
    },
    async proveClock(audience, challenges) {
      proofs.set(audience, (proofs.get(audience) ?? 0) + 1);
      return createJwt(clockExchange.proofType, audience, { challenges }, now()).sign(await key);
    },
  };
}
