import { anonymous, errorBody, errorCodes, type Logger, type Viewer } from '@shop/process';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { findRecord } from '../telemetry/request-record.ts';
import { NoTokensError, type VerifyAccessToken } from './access-token-verifier.ts';
import type { RevokedSessions } from './revoked-sessions.ts';
import { KeysUnavailableError } from './token-keys.ts';

const viewers = new WeakMap<FastifyRequest, Viewer>();

/** Returns the viewer that {@link authenticate} found. */
export function getViewer(request: FastifyRequest): Viewer {
  return viewers.get(request) ?? anonymous;
}

/**
 * Identifies the caller by `Authorization: Bearer …`, before the body of the request is read. A request without a token has an
 * anonymous viewer. An invalid token, or one of a revoked session, is rejected with 401, so that the client renews it. So is any token
 * where nobody issues them. 503 means that no token can be verified now.
 */
export function authenticate(options: {
  verifyAccessToken: VerifyAccessToken;
  revokedSessions: Pick<RevokedSessions, 'has'>;
  logger: Logger;
}): onRequestAsyncHookHandler {
  const { verifyAccessToken, revokedSessions, logger } = options;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const header = request.headers.authorization;
    // Sandbox and GraphiQL start with the scheme filled in and no token.
    if (header === undefined || /^(Bearer)?$/i.test(header)) return;
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
    if (token === undefined)
      return reject(
        request,
        reply,
        'malformed_token',
        'The authorization header is malformed. Send "Bearer", a space and an access token.',
      );
    try {
      const viewer = await verifyAccessToken(token);
      if (revokedSessions.has(viewer.sessionId))
        return reject(request, reply, 'revoked_session', 'The access token is invalid or has expired.');
      viewers.set(request, viewer);
    } catch (error) {
      if (error instanceof KeysUnavailableError) {
        findRecord(request).rejection = 'keys_unavailable';
        logger.error({ err: error, requestId: request.id }, 'an access token could not be verified');
        return reply
          .code(errorCodes.SERVICE_UNAVAILABLE.status)
          .header('retry-after', '1')
          .send(errorBody('SERVICE_UNAVAILABLE', 'The access token cannot be verified now. Try again later.'));
      }
      if (error instanceof NoTokensError)
        return reject(
          request,
          reply,
          'no_token_issuer',
          'This gateway accepts no access tokens. Send the request without the authorization header.',
        );
      logger.debug({ reason: (error as Error).message, requestId: request.id }, 'an access token was rejected');
      return reject(request, reply, 'invalid_token', 'The access token is invalid or has expired.');
    }
  };
}

/** @param reason what metrics call it */
function reject(request: FastifyRequest, reply: FastifyReply, reason: string, message: string): FastifyReply {
  findRecord(request).rejection = reason;
  return reply
    .code(errorCodes.UNAUTHENTICATED.status)
    .header('www-authenticate', 'Bearer error="invalid_token"')
    .send(errorBody('UNAUTHENTICATED', message));
}
