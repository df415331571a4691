import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import {
  Attachment,
  ClockChallenge,
  clockExchange,
  errorBody,
  internalToken,
  type Logger,
  type VerifyInternalToken,
  type Viewer,
} from '@shop/process';

const viewers = new Attachment<FastifyRequest, Viewer>();

/** Returns the viewer that {@link requireInternalToken} verified. */
export function requireViewer(request: FastifyRequest): Viewer {
  const viewer = viewers.get(request);
  if (viewer === undefined) throw new Error('The request was not authenticated.');
  return viewer;
}

/**
 * Rejects a request without a valid internal token with 401. It runs before the body is read, so that a stranger
 * cannot make the subgraph parse or plan anything, including `_service` and `_entities`. The refusal of a gateway's token
 * whose age is unknown has a challenge, so that the gateway can prove its time and repeat the request.
 */
export function requireInternalToken(verify: VerifyInternalToken, logger: Logger): onRequestAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const token = request.headers[internalToken.header];
    const proof = request.headers[clockExchange.proofHeader];
    try {
      if (typeof token !== 'string') throw new Error('the token is missing');
      viewers.set(request, await verify(token, typeof proof === 'string' ? proof : undefined));
    } catch (error) {
      const fields = { reason: (error as Error).message, requestId: request.id };
      if (error instanceof ClockChallenge) {
        logger.info(fields, 'the gateway was asked to prove its time');
        reply.header(clockExchange.challengeHeader, error.challenge);
      } else {
        logger.warn(fields, 'a call without a valid internal token was refused');
      }
      return reply.code(401).send(errorBody('UNAUTHENTICATED', 'Only the gateway may call this service.'));
    }
  };
}

/** True when the gateway asks for somebody who may operate the system. It never rejects: others get the part that is for everybody. */
export async function isOperator(request: FastifyRequest, verify: VerifyInternalToken): Promise<boolean> {
  const token = request.headers[internalToken.header];
  if (typeof token !== 'string') return false;
  return verify(token).then(
    ({ scopes }) => scopes.has('ops:write'),
    () => false,
  );
}
