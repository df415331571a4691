import { hashRefreshToken } from '../auth/refresh-token.ts';
import { revokeSessionByToken } from '../db/refresh-tokens.ts';
import type { Dependencies } from './dependencies.ts';

/** Revokes the session of a refresh token, including a rotated one. An unknown token is not an error. */
export async function logOut(
  { database, now }: Dependencies,
  { refreshToken }: { refreshToken: string },
): Promise<void> {
  await database.transact((tx) => revokeSessionByToken(tx, hashRefreshToken(refreshToken), now()));
}
