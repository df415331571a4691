import { RefreshSession } from '../graphql/operations.ts';
import type { Send } from '../sender.ts';
import type { Tokens } from './tokens.ts';

/**
 * Asks the server for new tokens. Returns null when the server refuses the refresh token. No caller's signal aborts this
 * request: several callers may wait for it, and a lost answer would lose the session, since a refresh token works once.
 *
 * @throws NetworkError, HttpError or GraphqlError when the outcome is unknown
 */
export async function refresh(send: Send, refreshToken: string): Promise<Tokens | null> {
  const { data, error } = await send(RefreshSession, { input: { refreshToken } }, { anonymous: true });
  const result = data?.refreshSession;
  if (result == null) throw error;
  return result.__typename === 'RefreshSessionSuccess' ? result.tokens : null;
}
