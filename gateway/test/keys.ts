import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

export async function createSigningKey(kid: string, alg = 'EdDSA'): Promise<SigningKey> {
  const pair = await generateKeyPair(alg, { extractable: true });
  return {
    privateKey: pair.privateKey,
    privateJwk: { ...(await exportJWK(pair.privateKey)), kid, alg },
    publicJwk: { ...(await exportJWK(pair.publicKey)), kid, alg },
  };
}

const now = () => Math.floor(Date.now() / 1000);

/** Signs an access token as the user subgraph does. A test can change claims and header to forge a token. */
export function signAccessToken(
  key: SigningKey,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const payload = {
    iss: 'federated-commerce',
    aud: 'federated-commerce-api',
    sub: 'u1',
    sid: 's1',
    scope: 'user:read',
    iat: now(),
    exp: now() + 900,
  };
  return new SignJWT({ ...payload, ...claims })
    .setProtectedHeader({ alg: String(key.privateJwk.alg), typ: 'at+jwt', kid: String(key.privateJwk.kid), ...header })
    .sign(key.privateKey);
}
