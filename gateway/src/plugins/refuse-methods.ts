import { errorBody } from '@shop/process';
import type { FastifyInstance } from 'fastify';

/** Says which methods `/graphql` has; without it, the answer to any other would be that there is no such place. */
export function refuseOtherMethods(app: FastifyInstance): void {
  app.route({
    method: ['DELETE', 'OPTIONS', 'PATCH', 'PUT'],
    url: '/graphql',
    // Before a body is read.
    onRequest: async (_request, reply) =>
      reply
        .code(405)
        .header('allow', 'GET, HEAD, POST')
        .send(errorBody('METHOD_NOT_ALLOWED', 'Use POST, or GET for queries.')),
    handler: async () => undefined,
  });
}
