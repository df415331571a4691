import { fastify, type FastifyInstance } from 'fastify';
import type { Logger } from '../log/create-logger.ts';
import { answerErrorsAsJson, errorBody } from './answer-errors-as-json.ts';
import { closeGracefully } from './close-gracefully.ts';
import { limitConnections } from './limit-connections.ts';
import { requestIdFor, requestIdHeader } from './request-id.ts';

/** The time for the headers of a request to arrive, in milliseconds. */
const headersTimeout = 10_000;

/** How often Node looks for requests that are late, in milliseconds. */
const connectionsCheckingInterval = 5_000;

/** Bytes of the headers of a request. More is answered with 431. */
const maxHeaderSize = 16 * 1024;

/**
 * The HTTP server under each service: JSON errors throughout, a request id, bounded requests and connections, graceful closing.
 *
 * @param options.bodyLimit bytes of a request's body, 1 MiB by default; more is answered with 413
 * @param options.trustedProxies addresses and CIDRs, separated by commas, of proxies that are believed about the client's
 *   address (`X-Forwarded-For`); none by default, since anybody can send that header
 * @param options.requestTimeout milliseconds for a request to arrive in full, 30,000 by default
 * @param options.stallTimeout milliseconds without a byte after which a client that does not read its answer is cut off, 30,000 by
 *   default
 * @param options.maxConnections further connections are closed at once; unlimited by default
 * @param options.maxRequestsPerSocket the answer to the last one closes the connection; unlimited by default
 * @param options.shutdownDelay milliseconds for which a closing server still accepts requests, 0 by default
 * @param options.drainMs milliseconds that open connections may take while the server closes, 10,000 by default; then
 *   they are destroyed
 */
export function createHttpServer(options: {
  logger: Logger;
  bodyLimit?: number;
  trustedProxies?: string;
  requestTimeout?: number;
  stallTimeout?: number;
  maxConnections?: number;
  maxRequestsPerSocket?: number;
  shutdownDelay?: number;
  drainMs?: number | undefined;
}): FastifyInstance {
  const { maxConnections } = options;
  const app = fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    trustProxy: options.trustedProxies ?? false,
    requestTimeout: options.requestTimeout ?? 30_000,
    maxRequestsPerSocket: options.maxRequestsPerSocket ?? 0,
    http: { headersTimeout, connectionsCheckingInterval, maxHeaderSize },
    // A closing server answers the requests that arrive on open connections. 503 would be a lost request.
    return503OnClosing: false,
    genReqId: requestIdFor,
  });
  limitConnections(app, {
    stallMs: options.stallTimeout ?? 30_000,
    ...(maxConnections === undefined ? {} : { maxConnections }),
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
  closeGracefully(app, { logger: options.logger, delayMs: options.shutdownDelay, drainMs: options.drainMs });
  return app;
}
