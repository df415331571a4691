import { createHash, randomBytes } from 'node:crypto';

/** An opaque refresh token, and the hash under which it is stored. */
export function createRefreshToken(): { token: string; hash: Uint8Array<ArrayBuffer> } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: new Uint8Array(createHash('sha256').update(token).digest()) };
}
