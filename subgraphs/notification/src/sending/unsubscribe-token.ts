import { createHash, randomBytes } from 'node:crypto';

/** A token for one user and one topic, and the hash by which it is stored. */
export function createUnsubscribeToken(): { readonly token: string; readonly hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashUnsubscribeToken(token) };
}

export const hashUnsubscribeToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
