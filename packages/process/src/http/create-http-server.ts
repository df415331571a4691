import { fastify, type FastifyInstance } from 'fastify';
import type { Logger } from '../log/create-logger.ts';
import { answerErrorsAsJson, errorBody } from './answer-errors-as-json.ts';
import { closeGracefully } from './close-gracefully.ts';
import { requestIdFor, requestIdHeader } from './request-id.ts';

/**
 * The HTTP server under each service: JSON errors throughout, a request id, bounded bodies, graceful closing.
 *
 * @param options.bodyLimit bytes of a request's body, 1 MiB by default; more is answered with 413
 * @param options.trustedProxies addresses and CIDRs, separated by commas, of proxies that are believed about the client's
 *   address (`X-Forwarded-For`); none by default, since anybody can send that header
 * @param options.requestTimeout milliseconds for a request to arrive in full, 30,000 by default
 * @param options.drainMs milliseconds that open connections may take while the server closes, 10,000 by default; then
 *   they are destroyed
 */
export function createHttpServer(options: {
  logger: Logger;
  bodyLimit?: number;
  trustedProxies?: string;
  requestTimeout?: number;
  drainMs?: number | undefined;
}): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    trustProxy: options.trustedProxies ?? false,
    requestTimeout: options.requestTimeout ?? 30_000,
    genReqId: requestIdFor,
  });
  app.addHook('onRequest', (request, reply, done) => {
    // Later handlers see this id, not the caller's header.
    request.headers[requestIdHeader] = request.id;
    reply.header(requestIdHeader, request.id);
    // Later code builds the request's URL from this header. A malformed header would cause an internal error there.
    if (URL.canParse(`http://${request.headers.host}/`)) return done();
    reply.code(400).send(errorBody('BAD_REQUEST', 'The host header is malformed.'));
  });
  answerErrorsAsJson(app, options.logger);
  closeGracefully(app, options);
  return app;
}
