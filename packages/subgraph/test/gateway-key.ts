import { createInternalTokenSigner, createInternalTokenVerifier } from '@shop/process';
import { exportJWK, generateKeyPair } from 'jose';

/** Creates the key of a gateway: it signs tokens, and a subgraph of this name accepts them. */
export async function createGatewayKey(audience: string) {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  const publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1' };
  return {
    signer: createInternalTokenSigner({ privateJwk: { ...(await exportJWK(pair.privateKey)), kid: 'k1' } }),
    verifyToken: createInternalTokenVerifier({ jwks: { keys: [publicJwk] }, audience }),
  };
}
