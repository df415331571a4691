import { errorBody } from '@shop/process';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { joinTokens, versionTokenHeader } from '../cache/version-tokens.ts';
import type { ServedGraphs } from '../graph/served-graphs.ts';
import type { AnswerSubscription } from '../subscriptions/answer-subscription.ts';
import type { Sockets } from '../subscriptions/websocket/accept-sockets.ts';
import { findRecord } from '../telemetry/request-record.ts';

/** Adds `/graphql`. Other methods get 405: without the second route, they would get 404. CORS answers OPTIONS. */
export function addGraphqlRoute(
  app: FastifyInstance,
  options: {
    graphs: Pick<ServedGraphs, 'enter'>;
    answerSubscription: AnswerSubscription;
    sockets: Pick<Sockets, 'accept'>;
    onRequest: onRequestHookHandler[];
  },
): void {
  const { graphs, answerSubscription, sockets, onRequest } = options;
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest,
    onSend(request, reply, payload, done) {
      const tokens = joinTokens(findRecord(request).versionTokens);
      if (tokens !== undefined) void reply.header(versionTokenHeader, tokens);
      done(null, payload);
    },
    async handler(request, reply) {
      if (request.method === 'GET' && sockets.accept(request, reply)) return reply;
      const graph = graphs.enter();
      try {
        if (await graph.answerPrepared?.(request, reply)) return reply;
        const answering = answerSubscription(request, reply, graph);
        if (answering !== false && (await answering)) return reply;
        return await graph.answerByApollo.call(this, request, reply);
      } finally {
        graph.leave();
      }
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
