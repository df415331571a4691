import type { JWTPayload } from 'jose';
import { parseScopes, type Viewer } from './viewer.ts';

/** A token whose signature is valid, and whose claims are not those of a token that we issue. */
export class InvalidClaims extends Error {
  override readonly name = 'InvalidClaims';
}

/** The claims that name a caller, and the times of a token in seconds. */
export interface TokenClaims {
  readonly viewer: Viewer;
  readonly iat: number;
  readonly exp: number;
}

/**
 * The one rule for the claims of access tokens and internal tokens: `sub`, `sid` and `scope` are texts, `iat` and `exp` are numbers,
 * and a token lives no longer than one that we issue. The caller checks the signature and compares the times with its clock.
 *
 * @param options.maxSeconds the longest life of such a token
 * @throws InvalidClaims
 */
export function readClaims(payload: JWTPayload, { maxSeconds }: { readonly maxSeconds: number }): TokenClaims {
  const [iat, exp] = [requireTime(payload, 'iat'), requireTime(payload, 'exp')];
  if (exp <= iat || exp - iat > maxSeconds)
    throw new InvalidClaims(`the token lives ${exp - iat} seconds, and may live ${maxSeconds}`);
  const [userId, sessionId, scope] = ['sub', 'sid', 'scope'].map((name) => readText(payload, name));
  return {
    viewer: Object.freeze({ userId: userId ?? null, sessionId: sessionId ?? null, scopes: parseScopes(scope) }),
    iat,
    exp,
  };
}

function requireTime(payload: JWTPayload, name: 'iat' | 'exp'): number {
  const value = payload[name] as unknown;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new InvalidClaims(`the claim ${name} is no time`);
  return value;
}

/** Returns null for an absent claim. An empty `scope` is a scope without words; an empty id names nobody. */
function readText(payload: JWTPayload, name: string): string | null {
  const value = payload[name];
  if (value === undefined) return null;
  if (typeof value !== 'string' || (value === '' && name !== 'scope'))
    throw new InvalidClaims(`the claim ${name} is no text`);
  return value;
}
