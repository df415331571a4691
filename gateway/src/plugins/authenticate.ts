import { anonymous, errorBody, type Logger, type Viewer } from '@shop/process';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { VerifyAccessToken } from '../identity/access-token-verifier.ts';
import { KeysUnavailableError } from '../identity/user-keys.ts';

const viewers = new WeakMap<FastifyRequest, Viewer>();

/** The viewer that {@link authenticate} found. */
export function viewerOf(request: FastifyRequest): Viewer {
  return viewers.get(request) ?? anonymous;
}

/**
 * Finds out who asks, from `Authorization: Bearer …`, before anything of the request is read. No token is an anonymous
 * viewer; a token that is not valid is refused with 401, so that a client learns to renew it; 503 says that the token
 * cannot be checked now.
 */
export function authenticate(verify: VerifyAccessToken, logger: Logger): onRequestAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const header = request.headers.authorization;
    // Sandbox starts with the scheme filled in, and the token not.
    if (header === undefined || /^(Bearer)?$/i.test(header)) return;
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
    if (token === undefined)
      return refuse(reply, 'The authorization header must be: Bearer, a space, an access token.');
    try {
      viewers.set(request, await verify(token));
    } catch (error) {
      if (error instanceof KeysUnavailableError) {
        logger.error({ err: error, requestId: request.id }, 'an access token could not be checked');
        return reply
          .code(503)
          .header('retry-after', '1')
          .send(errorBody('SERVICE_UNAVAILABLE', 'The access token cannot be checked now. Try again later.'));
      }
      logger.debug({ reason: (error as Error).message, requestId: request.id }, 'an access token was refused');
      return refuse(reply, 'The access token is invalid or has expired.');
    }
  };
}

function refuse(reply: FastifyReply, message: string): FastifyReply {
  return reply
    .code(401)
    .header('www-authenticate', 'Bearer error="invalid_token"')
    .send(errorBody('UNAUTHENTICATED', message));
}
