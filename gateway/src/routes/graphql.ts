import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { errorBody } from '@shop/process';
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';
import { createContext, type GatewayContext } from '../context.ts';

/** Adds `/graphql`. Other methods get 405: without the second route, they would get 404. */
export function addGraphqlRoute(
  app: FastifyInstance,
  options: { apollo: ApolloServer<GatewayContext>; onRequest: onRequestAsyncHookHandler[] },
): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: options.onRequest,
    handler: fastifyApolloHandler(options.apollo, { context: async (request) => createContext(request) }),
  });
  app.route({
    method: ['DELETE', 'OPTIONS', 'PATCH', 'PUT'],
    url: '/graphql',
    // Answer before the body is read.
    onRequest: async (_request, reply) =>
      reply.code(405).header('allow', 'GET, HEAD, POST').send(errorBody('METHOD_NOT_ALLOWED')),
    handler: async () => undefined,
  });
}
