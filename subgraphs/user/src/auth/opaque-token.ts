import { createHash, randomBytes } from 'node:crypto';

export type TokenHash = Uint8Array<ArrayBuffer>;

/** Creates an opaque token of 256 random bits, and the hash under which it is stored. */
export function createToken(): { token: string; hash: TokenHash } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}

/** SHA-256 is enough: unlike a password, a random token cannot be guessed from its hash. */
export function hashToken(token: string): TokenHash {
  return new Uint8Array(createHash('sha256').update(token).digest());
}
