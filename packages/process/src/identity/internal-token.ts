/** What the gateway's internal tokens are fixed to; signer and verifier agree on it. */
export const internalToken = {
  /** The request header that carries the token. */
  header: 'x-internal-token',
  issuer: 'gateway',
  type: 'internal+jwt',
  algorithm: 'EdDSA',
  ttlSeconds: 60,
  /** How far the clocks of two services may differ. */
  clockToleranceSeconds: 5,
} as const;
