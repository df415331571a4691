import type { Http2SecureServer } from 'node:http2';
import { fastify, type FastifyInstance } from 'fastify';
import { requestIdFor } from './request-id.ts';
import type { Certificate } from './tls/certificate.ts';

/** The limits of every server of the project. A proxy in front of the gateway must agree with them. */
export const serverLimits = {
  /** The time for the headers of a request to arrive, and for a TLS handshake, in milliseconds. A late one is noticed within half of it. */
  headersTimeout: 10_000,
  /** The time for a request to arrive in full, in milliseconds. */
  requestTimeout: 30_000,
  /** Bytes of the headers of a request. HTTP/1.1 answers more with 431, HTTP/2 refuses the stream. */
  maxHeaderSize: 16 * 1024,
  /** Bytes of the body of a call to a subgraph: one body has all representations of a long list. */
  maxCallBytes: 4 * 1024 * 1024,
  /** Calls of a gateway that a subgraph executes at a time on one connection. */
  pipelinedCalls: 16,
  /** Milliseconds for which a connection without a request stays open. */
  keepAliveTimeout: 72_000,
  /** Requests that a client may have open at a time on one HTTP/2 connection. The specification recommends no fewer. */
  maxConcurrentStreams: 100,
} as const;

export interface AppOptions {
  readonly bodyLimit: number;
  readonly trustedProxies: string | undefined;
  readonly requestTimeout: number;
  /** 0 is no limit. */
  readonly maxRequestsPerSocket: number;
  /** With a certificate, the server speaks TLS, with HTTP/2 or HTTP/1.1 as the client chooses; without one, HTTP/1.1 in plain text. */
  readonly certificate: Certificate | undefined;
}

/** Creates the Fastify application, with the switches of its server. */
export function createApp({ certificate, ...options }: AppOptions): FastifyInstance {
  const common = {
    logger: false,
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustedProxies ?? false,
    // A closing server answers the requests that arrive on open connections. 503 would be a lost request.
    return503OnClosing: false,
    genReqId: requestIdFor,
  };
  const { requestTimeout, maxRequestsPerSocket } = options;
  const { maxHeaderSize, keepAliveTimeout, maxConcurrentStreams } = serverLimits;
  // Node exchanges the two where the first one is longer.
  const headersTimeout = Math.min(serverLimits.headersTimeout, requestTimeout);
  // Node looks for requests that are late at intervals, also while there is no connection. So one may be late by as much.
  const connectionsCheckingInterval = headersTimeout / 2;
  const timeouts = { headersTimeout, connectionsCheckingInterval, maxHeaderSize };
  if (certificate === undefined)
    return fastify({ ...common, requestTimeout, maxRequestsPerSocket, keepAliveTimeout, http: timeouts });
  const app = fastify({
    ...common,
    http2: true,
    http2SessionTimeout: keepAliveTimeout,
    https: {
      allowHTTP1: true,
      cert: certificate.cert,
      key: certificate.key,
      handshakeTimeout: headersTimeout,
      settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderSize },
    },
  });
  // Node takes these for the HTTP/1.1 of a server for HTTP/2, though it documents them only for its own class.
  const switches = { ...timeouts, requestTimeout, keepAliveTimeout, maxRequestsPerSocket };
  Object.assign<Http2SecureServer, typeof switches>(app.server, switches);
  // Fastify's types differ by the server. All of our code uses what both have.
  return app as unknown as FastifyInstance;
}
