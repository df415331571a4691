import { SessionEndedError } from '../errors.ts';
import { readSessionId } from './session-id.ts';
import type { Session } from './session.ts';
import type { Tokens } from './tokens.ts';

/**
 * Returns the tokens for the next attempt. All attempts are made in the session in which the first one was, since another user may
 * sign in in between.
 *
 * @param began the tokens of the first attempt; null when nobody was signed in, undefined before it
 * @param refused tokens that the server refused, and that are replaced
 * @throws SessionEndedError when the session of the first attempt has ended, and the errors of a refresh
 */
export async function chooseTokens(
  session: Session,
  began: Tokens | null | undefined,
  refused: Tokens | undefined,
): Promise<Tokens | null> {
  if (began === null) return null;
  const tokens = refused === undefined ? await session.current() : await session.renew(refused);
  const first = began === undefined ? tokens : began;
  if (first === null) return null;
  if (tokens === null || readSessionId(tokens.accessToken) !== readSessionId(first.accessToken))
    throw new SessionEndedError();
  return tokens;
}
