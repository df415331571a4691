import { RefreshSession } from '../graphql/operations.ts';
import type { RefreshSessionMutation } from '../graphql/types.ts';
import type { Send } from '../sender.ts';
import type { Tokens } from './tokens.ts';

/**
 * Asks for new tokens; null when the refresh token is refused. Nobody's signal ends it, since many may wait for it, and an
 * answer that nobody reads would cost the session.
 *
 * @throws NetworkError, HttpError or GraphqlError, when whether it is refused is not known
 */
export async function refresh(send: Send, refreshToken: string): Promise<Tokens | null> {
  const { data, error } = await send(RefreshSession, { input: { refreshToken } }, { anonymous: true });
  const result = (data as RefreshSessionMutation | null | undefined)?.refreshSession;
  if (result == null) throw error;
  return result.__typename === 'RefreshSessionSuccess' ? result.tokens : null;
}
