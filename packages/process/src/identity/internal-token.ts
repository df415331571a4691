/** The fixed properties of the gateway's internal tokens, for signer and verifier. */
export const internalToken = {
  /** The request header that carries the token. */
  header: 'x-internal-token',
  issuer: 'gateway',
  type: 'internal+jwt',
  algorithm: 'EdDSA',
  ttlSeconds: 60,
  /** The tolerated difference between the clocks of two services. */
  clockToleranceSeconds: 5,
} as const;
