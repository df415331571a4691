import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { ExpiringCache } from '../cache/expiring-cache.ts';
import { createGatewayClocks } from './gateway-clocks.ts';
import { clockExchange, internalToken } from './internal-token.ts';
import { InvalidClaims, readClaims } from './read-claims.ts';
import type { Viewer } from './viewer.ts';

/**
 * Verifies an internal token. Rejects with jose's error when it is not valid for this subgraph, and with
 * {@link ClockChallenge} when the gateway must prove its time first.
 *
 * @param proof the answer to an earlier challenge
 */
export type VerifyInternalToken = (token: string, proof?: string) => Promise<Viewer>;

/** The gateway signed this token, but its age is unknown or not allowed. */
export class ClockChallenge extends Error {
  /** For the header of the refusal. */
  readonly challenge: string;

  constructor(message: string, challenge: string) {
    super(message);
    this.name = 'ClockChallenge';
    this.challenge = challenge;
  }
}

/**
 * A token with a longer life is not the gateway's, even with a valid signature. Its expiry is at most that much later than `iat`, so
 * a cached token does not outlive it either.
 */
const maxTokenSeconds = 2 * internalToken.ttlSeconds;

/** Two clocks of one host drift apart by more than this only when one is set, or while the host sleeps. */
const MAX_DRIFT_MS = 5_000;

/**
 * Creates a verifier that accepts only the gateway's tokens: algorithm, type, issuer, audience and expiry are fixed.
 * Verified tokens are cached until they expire.
 *
 * The age of a token is judged by the clock of the gateway that signed it, which the gateway must prove first. A token
 * without an instance is judged by the clock of this host: one of a gateway before this exchange existed, or of a tool.
 *
 * @param options.jwks the gateway's public keys; more than one while keys rotate
 * @param options.audience this subgraph's name
 * @param options.maxCached how many verified tokens are kept, 10,000 by default
 * @param options.steady milliseconds since any fixed moment, by a clock that nobody sets; `performance.now` by default
 * @param options.wall milliseconds since the epoch by the host's clock, `Date.now` by default
 */
export function createInternalTokenVerifier(options: {
  jwks: JSONWebKeySet;
  audience: string;
  maxCached?: number;
  steady?: () => number;
  wall?: () => number;
}): VerifyInternalToken {
  const { steady = () => performance.now(), wall = () => Date.now() } = options;
  const keys = createLocalJWKSet(options.jwks);
  const createCache = () => new ExpiringCache<Viewer>({ maxEntries: options.maxCached ?? 10_000, now: steady });
  const clocks = createGatewayClocks(steady);
  let verified = createCache();
  let drift = wall() - steady();

  async function verify(
    jwt: string,
    typ: string,
    maxAgeSeconds: number | undefined,
    nowMs: number,
  ): Promise<JWTPayload> {
    const { payload } = await jwtVerify(jwt, keys, {
      algorithms: [internalToken.algorithm],
      typ,
      issuer: internalToken.issuer,
      audience: options.audience,
      requiredClaims: ['iat'],
      clockTolerance: internalToken.clockToleranceSeconds,
      currentDate: new Date(nowMs),
      ...(maxAgeSeconds === undefined ? {} : { maxTokenAge: `${maxAgeSeconds} s`, requiredClaims: ['iat', 'exp'] }),
    });
    return payload;
  }

  const verifyToken = (token: string, nowMs: number): Promise<JWTPayload> =>
    verify(token, internalToken.type, maxTokenSeconds, nowMs);

  async function readProof(proof: string): Promise<void> {
    const { instance, iat, challenges } = await verify(proof, clockExchange.proofType, undefined, wall());
    if (typeof instance !== 'string' || iat === undefined || !Array.isArray(challenges))
      throw new Error('the proof of the clock is incomplete');
    clocks.record(instance, toMs(iat), challenges.map(String));
  }

  /** Verifies a token of a gateway that proves its time. Returns it with its expiry by our steady clock. */
  async function verifyByGatewayClock(token: string, instance: string, iat: number) {
    const clock = clocks.find(instance);
    if (clock === undefined) {
      await verifyToken(token, toMs(iat)); // only the gateway gets a challenge
      throw new ClockChallenge('the clock of the gateway is not known', clocks.challenge());
    }
    const payload = await verifyToken(token, clock.now()).catch((error: unknown) => {
      throw concernsTime(error) ? new ClockChallenge((error as Error).message, clocks.challenge()) : error;
    });
    if (toMs(iat) < clock.notBefore)
      throw new ClockChallenge('the token is older than the proof of the clock', clocks.challenge());
    return { payload, expiresAt: clock.toSteady(toMs(payload.exp ?? 0)) };
  }

  async function verifyByOwnClock(token: string) {
    const payload = await verifyToken(token, wall());
    return { payload, expiresAt: steady() + toMs(payload.exp ?? 0) - wall() };
  }

  /** The steady clock stops while a host sleeps. Then nothing is known about the age of tokens. */
  function forgetAfterSleep(): void {
    const current = wall() - steady();
    if (Math.abs(current - drift) <= MAX_DRIFT_MS) return;
    drift = current;
    clocks.forget();
    verified = createCache();
  }

  return async (token, proof) => {
    forgetAfterSleep();
    if (proof !== undefined) await readProof(proof);
    const known = verified.get(token);
    if (known !== undefined) return known;
    // Not verified yet: this only decides by which clock the token is judged.
    const { instance, iat } = decodeJwt(token);
    if (instance !== undefined && typeof instance !== 'string')
      throw new InvalidClaims('the claim instance is no text');
    const { payload, expiresAt } =
      instance !== undefined && typeof iat === 'number'
        ? await verifyByGatewayClock(token, instance, iat)
        : await verifyByOwnClock(token);
    const { viewer } = readClaims(payload, { maxSeconds: maxTokenSeconds });
    verified.set(token, viewer, expiresAt);
    return viewer;
  };
}

/** Converts a time of a JWT, which is in seconds with a fraction. */
function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** Returns whether jose found the signature valid and a time not. */
function concernsTime(error: unknown): boolean {
  if (error instanceof errors.JWTExpired) return true;
  return (
    error instanceof errors.JWTClaimValidationFailed &&
    error.reason === 'check_failed' &&
    ['iat', 'nbf', 'exp'].includes(error.claim)
  );
}
