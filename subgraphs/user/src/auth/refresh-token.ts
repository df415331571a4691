import { createHash, randomBytes } from 'node:crypto';

/** How long a session lives after its last refresh. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

export type RefreshTokenHash = Uint8Array<ArrayBuffer>;

/** Creates an opaque refresh token of 256 random bits, and the hash under which it is stored. */
export function createRefreshToken(): { token: string; hash: RefreshTokenHash } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashRefreshToken(token) };
}

/** SHA-256 is enough: unlike a password, a random token cannot be guessed from its hash. */
export function hashRefreshToken(token: string): RefreshTokenHash {
  return new Uint8Array(createHash('sha256').update(token).digest());
}
