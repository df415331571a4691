import { accessToken } from '@shop/process';
import { SignJWT, type JSONWebKeySet } from 'jose';
import type { Role } from '../domain/role.ts';
import { listScopes } from '../domain/role.ts';
import { type AccessTokenKeys, signingKey, verifyingKeys } from './access-token-keys.ts';

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface AccessTokens {
  issue(subject: { userId: string; sessionId: string; role: Role }, now: Date): Promise<AccessToken>;
  /** The current public keys: past, present and future signing keys. */
  readonly jwks: JSONWebKeySet;
}

/**
 * Signs access tokens that live 15 minutes.
 *
 * @param options.keys called for each token, since keys are rotated while the process runs
 * @throws Error when none of the keys may sign now
 */
export function createAccessTokens(options: {
  keys: () => AccessTokenKeys;
  issuer: string;
  audience: string;
}): AccessTokens {
  requireSigningKey(options.keys(), new Date());
  return {
    get jwks() {
      return { keys: verifyingKeys(options.keys(), new Date()).map(({ publicJwk }) => publicJwk) };
    },
    issue: async ({ userId, sessionId, role }, now) => {
      const { alg, kid, privateKey } = requireSigningKey(options.keys(), now);
      const issuedAt = Math.floor(now.getTime() / 1000);
      const token = await new SignJWT({ sid: sessionId, scope: listScopes(role).join(' ') })
        .setProtectedHeader({ alg, typ: accessToken.type, kid })
        .setIssuer(options.issuer)
        .setAudience(options.audience)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessToken.ttlSeconds)
        .sign(privateKey);
      return { token, expiresAt: new Date((issuedAt + accessToken.ttlSeconds) * 1000) };
    },
  };
}

function requireSigningKey(keys: AccessTokenKeys, at: Date) {
  const key = signingKey(keys, at);
  if (key === undefined)
    throw new Error(
      'No access token key may sign now. Add a key without signsFrom, or correct the times in the key file.',
    );
  return key;
}
