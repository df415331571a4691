import { importJWK, SignJWT, type JSONWebKeySet, type JWK } from 'jose';
import type { Role } from '../domain/role.ts';
import { scopesOf } from '../domain/role.ts';

const LIFETIME_SECONDS = 15 * 60;

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface AccessTokens {
  issue(subject: { userId: string; sessionId: string; role: Role }, now: Date): Promise<AccessToken>;
  /** The public keys, for whoever verifies the tokens. */
  readonly jwks: JSONWebKeySet;
}

/** Signs access tokens that live 15 minutes with a private Ed25519 or P-256 key. Throws where the key is neither. */
export async function createAccessTokens(options: {
  privateJwk: JWK;
  issuer: string;
  audience: string;
}): Promise<AccessTokens> {
  const { d: _private, ...publicJwk } = options.privateJwk;
  const alg = options.privateJwk.alg ?? (options.privateJwk.kty === 'OKP' ? 'EdDSA' : 'ES256');
  const kid = options.privateJwk.kid;
  const key = await importJWK(options.privateJwk, alg);
  return {
    jwks: { keys: [{ ...publicJwk, alg, use: 'sig' }] },
    issue: async ({ userId, sessionId, role }, now) => {
      const issuedAt = Math.floor(now.getTime() / 1000);
      const token = await new SignJWT({ sid: sessionId, scope: scopesOf(role).join(' ') })
        .setProtectedHeader({ alg, typ: 'at+jwt', ...(kid === undefined ? {} : { kid }) })
        .setIssuer(options.issuer)
        .setAudience(options.audience)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + LIFETIME_SECONDS)
        .sign(key);
      return { token, expiresAt: new Date((issuedAt + LIFETIME_SECONDS) * 1000) };
    },
  };
}
