import type { FastifyError, FastifyInstance } from 'fastify';
import { errorCodes, maskedCode, type ErrorCode } from '../errors/error-codes.ts';
import type { Logger } from '../log/create-logger.ts';

/**
 * The body of an error answer. It has the form of GraphQL's errors, so that a client needs one parser.
 *
 * @param message default: the code's own message
 */
export function errorBody(code: ErrorCode, message: string = errorCodes[code].message, requestId?: string) {
  return { errors: [{ message, extensions: { code, ...(requestId === undefined ? {} : { requestId }) } }] };
}

const badRequests: Record<number, string> = {
  400: 'The request is malformed: its body must be valid JSON.',
  413: 'The request is too large.',
  415: 'The content type must be application/json.',
};

/** Answers malformed JSON, large bodies, unknown routes and unexpected errors in JSON, never in HTML. */
export function answerErrorsAsJson(app: FastifyInstance, logger: Logger): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody('NOT_FOUND')));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) {
      return reply.code(status).send(errorBody('BAD_REQUEST', badRequests[status]));
    }
    logger.error({ err: error, requestId: request.id }, 'request failed');
    return reply.code(500).send(errorBody(maskedCode, undefined, request.id));
  });
}
