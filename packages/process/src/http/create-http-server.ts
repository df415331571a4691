import type { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../log/create-logger.ts';
import { answerErrorsAsJson, errorBody } from './answer-errors-as-json.ts';
import { closeGracefully } from './close-gracefully.ts';
import { createApp, serverLimits } from './create-app.ts';
import { defaultDiscardLimits, discardBodies, type DiscardLimits } from './discard-bodies.ts';
import { isDeeperThan } from './json-depth.ts';
import { limitConnections } from './limit-connections.ts';
import { requestIdHeader } from './request-id.ts';
import { timeOutStreams } from './time-out-streams.ts';
import type { Certificate, CertificateFiles } from './tls/certificate.ts';
import { followCertificate } from './tls/follow-certificate.ts';

/** Levels of arrays and objects in a body. No input of the API has a tenth of them. */
const maxJsonDepth = 64;

/** A certificate, and the files that a new one is read from. */
export interface TlsOptions extends CertificateFiles {
  readonly certificate: Certificate;
  /** How often the files are read, in milliseconds. Default: 10,000. */
  readonly intervalMs?: number;
}

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
 * @param options.pipelining requests of one HTTP/1.1 connection that are executed at a time, 1 by default
 * @param options.tls with it, the server speaks HTTP/2 and HTTP/1.1 over TLS; by default, HTTP/1.1 in plain text
 * @param options.shutdownDelay milliseconds for which a closing server still accepts requests, 0 by default
 * @param options.drainMs milliseconds that open connections may take while the server closes, 10,000 by default; then
 *   they are destroyed
 * @param options.discard what is read of a body after its request was answered, before the connection is ended: 16 MiB and 10 s by
 *   default
 */
export function createHttpServer(options: {
  logger: Logger;
  bodyLimit?: number;
  trustedProxies?: string;
  requestTimeout?: number;
  stallTimeout?: number;
  maxConnections?: number;
  maxRequestsPerSocket?: number;
  pipelining?: number;
  tls?: TlsOptions | undefined;
  shutdownDelay?: number;
  drainMs?: number | undefined;
  discard?: Partial<DiscardLimits>;
}): FastifyInstance {
  const {
    logger,
    maxConnections,
    tls,
    requestTimeout = serverLimits.requestTimeout,
    maxRequestsPerSocket = 0,
  } = options;
  const app = createApp({
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    trustedProxies: options.trustedProxies,
    requestTimeout,
    maxRequestsPerSocket,
    certificate: tls?.certificate,
  });
  limitConnections(app, {
    stallMs: options.stallTimeout ?? 30_000,
    ...(maxConnections === undefined ? {} : { maxConnections }),
    maxRequests: maxRequestsPerSocket,
    pipelining: options.pipelining ?? 1,
  });
  app.addHook('onRequest', (request, reply, done) => {
    // Later handlers see this id, not the caller's header.
    request.headers[requestIdHeader] = request.id;
    reply.header(requestIdHeader, request.id);
    // HTTP/2 has the host in another header.
    request.headers.host ??= request.headers[':authority'] as string | undefined;
    // Later code builds the request's URL from this header. A malformed header would cause an internal error there.
    if (URL.canParse(`http://${request.headers.host}/`)) return done();
    reply.code(400).send(errorBody('BAD_REQUEST', 'The host header is malformed.'));
  });
  if (tls !== undefined) {
    timeOutStreams(app, requestTimeout);
    const stop = followCertificate(app.server as unknown as TlsServer, tls.certificate, { ...tls, logger });
    app.addHook('onClose', async () => stop());
  }
  limitJsonDepth(app);
  answerErrorsAsJson(app, logger);
  closeGracefully(app, { logger, delayMs: options.shutdownDelay, drainMs: options.drainMs });
  discardBodies(app, { ...defaultDiscardLimits, ...options.discard });
  return app;
}

/** Refuses JSON that is nested too deeply before it is parsed. */
function limitJsonDepth(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (isDeeperThan(maxJsonDepth, body))
      return done(Object.assign(new Error('The JSON is nested too deeply.'), { statusCode: 400 }));
    return parseJson(request, body, done);
  });
}
