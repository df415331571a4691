/** The fixed properties of the gateway's internal tokens, for signer and verifier. */
export const internalToken = {
  /** The request header that carries the token. */
  header: 'x-internal-token',
  issuer: 'gateway',
  type: 'internal+jwt',
  algorithm: 'EdDSA',
  ttlSeconds: 60,
  /** What remains of the difference between two clocks after it was measured, and what is tolerated where it was not. */
  clockToleranceSeconds: 5,
} as const;

/**
 * The exchange by which a subgraph learns a gateway's clock: the subgraph refuses a token with a challenge, and the
 * gateway repeats the request with a proof, which is a JWT with the challenge and its time
 * (docs/decisions/022-the-gateway-proves-its-time.md).
 */
export const clockExchange = {
  /** The header of a refusal. */
  challengeHeader: 'x-internal-clock-challenge',
  /** The header of the repeated request. */
  proofHeader: 'x-internal-clock-proof',
  proofType: 'internal-clock+jwt',
  /** A proof that arrives later says too little about the time. */
  maxSeconds: 5,
} as const;
