import type { FastifyError, FastifyInstance } from 'fastify';
import { maskedCode, maskedMessage } from '../errors/masked-error.ts';
import type { Logger } from '../log/create-logger.ts';

/** The body of every answer that is an error, in GraphQL's own form, so that a client needs one parser. */
export function errorBody(code: string, message: string, requestId?: string) {
  return { errors: [{ message, extensions: { code, ...(requestId === undefined ? {} : { requestId }) } }] };
}

const badRequests: Record<number, string> = {
  400: 'The request is malformed: its body must be valid JSON.',
  413: 'The request is too large.',
  415: 'The content type must be application/json.',
};

/** Malformed JSON, bodies too large, unknown routes and faults of ours: all are answered in JSON, never in HTML. */
export function answerErrorsAsJson(app: FastifyInstance, logger: Logger): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody('NOT_FOUND', 'There is nothing here.')));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) {
      return reply.code(status).send(errorBody('BAD_REQUEST', badRequests[status] ?? 'The request is malformed.'));
    }
    logger.error({ err: error, requestId: request.id }, 'request failed');
    return reply.code(500).send(errorBody(maskedCode, maskedMessage, request.id));
  });
}
