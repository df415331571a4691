import { anonymous, errorBody, type ErrorCode, errorCodes, type Logger, type Viewer } from '@shop/process';
import { NoTokensError, type VerifiedCaller, type VerifyAccessToken } from './access-token-verifier.ts';
import type { RevokedSessions } from './revoked-sessions.ts';
import { KeysUnavailableError } from './token-keys.ts';

/** The answer to a request whose caller is not accepted. */
export interface Refusal {
  /** The name in metrics. */
  readonly reason: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReturnType<typeof errorBody>;
}

/** The caller of a request, or the answer that refuses it. */
export type Identification =
  | (Caller & { readonly refusal?: never })
  | { readonly viewer?: never; readonly refusal: Refusal };

export interface Caller {
  readonly viewer: Viewer;
  /** When the access token expires, in milliseconds since the epoch. Undefined for an anonymous caller. */
  readonly expiresAt: number | undefined;
}

/**
 * Finds the caller by the header `authorization`: at once where there is no token. It never rejects.
 *
 * @param requestId for the log
 */
export type IdentifyCaller = (
  authorization: string | undefined,
  requestId: string,
) => Identification | Promise<Identification>;

/** The caller of a request without an access token. */
export const nobody: Caller = { viewer: anonymous, expiresAt: undefined };

/**
 * Identifies callers by `Authorization: Bearer …`. A caller without a token is anonymous. An invalid token, or one of a revoked session, is
 * refused with 401, so that the client renews it. So is any token where nobody issues them. 503 means that no token can be verified now.
 */
export function createIdentifyCaller(options: {
  verifyAccessToken: VerifyAccessToken;
  revokedSessions: Pick<RevokedSessions, 'has'>;
  logger: Logger;
}): IdentifyCaller {
  const { verifyAccessToken, revokedSessions, logger } = options;
  return (authorization, requestId) => {
    // Sandbox and GraphiQL start with the scheme filled in and no token.
    if (authorization === undefined || /^(Bearer)?$/i.test(authorization)) return nobody;
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
    if (token === undefined)
      return refuse(
        'malformed_token',
        'The authorization header is malformed. Send "Bearer", a space and an access token.',
      );
    return verify(token, requestId);
  };

  async function verify(token: string, requestId: string): Promise<Identification> {
    try {
      const caller: VerifiedCaller = await verifyAccessToken(token);
      if (revokedSessions.has(caller.viewer.sessionId))
        return refuse('revoked_session', 'The access token is invalid or has expired.');
      return caller;
    } catch (error) {
      if (error instanceof KeysUnavailableError) {
        logger.error({ err: error, requestId }, 'an access token could not be verified');
        return createRefusal(
          'SERVICE_UNAVAILABLE',
          'keys_unavailable',
          'The access token cannot be verified now. Try again later.',
          { 'retry-after': '1' },
        );
      }
      if (error instanceof NoTokensError)
        return refuse(
          'no_token_issuer',
          'This gateway accepts no access tokens. Send the request without the authorization header.',
        );
      logger.debug({ reason: (error as Error).message, requestId }, 'an access token was rejected');
      return refuse('invalid_token', 'The access token is invalid or has expired.');
    }
  }
}

function refuse(reason: string, message: string): Identification {
  return createRefusal('UNAUTHENTICATED', reason, message, { 'www-authenticate': 'Bearer error="invalid_token"' });
}

function createRefusal(
  code: ErrorCode & ('UNAUTHENTICATED' | 'SERVICE_UNAVAILABLE'),
  reason: string,
  message: string,
  headers: Readonly<Record<string, string>>,
): Identification {
  return { refusal: { reason, status: errorCodes[code].status, headers, body: errorBody(code, message) } };
}
