import { hashRefreshToken } from '../auth/refresh-token.ts';
import { revokeSessionByToken } from '../db/refresh-tokens.ts';
import type { Dependencies } from './dependencies.ts';

/** Revokes the session of a refresh token, also of one that was rotated since. A token that names none is no error. */
export async function logOut(
  { database, now }: Dependencies,
  { refreshToken }: { refreshToken: string },
): Promise<void> {
  await database.transact((tx) => revokeSessionByToken(tx, hashRefreshToken(refreshToken), now()));
}
