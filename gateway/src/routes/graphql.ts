import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { errorBody } from '@shop/process';
import type { FastifyInstance, onRequestAsyncHookHandler, onRequestHookHandler } from 'fastify';
import type { AnswerPrepared } from './answer-prepared.ts';
import { findContext, type GatewayContext } from '../context.ts';

/** Adds `/graphql`. Other methods get 405: without the second route, they would get 404. CORS answers OPTIONS. */
export function addGraphqlRoute(
  app: FastifyInstance,
  options: {
    apollo: ApolloServer<GatewayContext>;
    /** The short way. Default: Apollo Server answers each request. */
    answerPrepared: AnswerPrepared | undefined;
    onRequest: (onRequestHookHandler | onRequestAsyncHookHandler)[];
  },
): void {
  const { apollo, answerPrepared, onRequest } = options;
  const answerByApollo = fastifyApolloHandler(apollo, { context: async (request) => findContext(request) });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest,
    async handler(request, reply) {
      if (await answerPrepared?.(request, reply)) return reply;
      return answerByApollo.call(this, request, reply);
    },
  });
  app.route({
    method: ['DELETE', 'PATCH', 'PUT'],
    url: '/graphql',
    // Answer before the body is read.
    onRequest: async (_request, reply) =>
      reply.code(405).header('allow', 'GET, HEAD, POST').send(errorBody('METHOD_NOT_ALLOWED')),
    handler: async () => undefined,
  });
}
