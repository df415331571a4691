import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import { requestIdHeader } from '@shop/process';
import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';
import { versionTokenHeader } from '../cache/version-tokens.ts';

export interface BrowserOptions {
  readonly isProduction: boolean;
  /** Origins whose pages may use the API, and `localhost` for any port of this machine. */
  readonly corsOrigins: readonly string[];
  /** Answers of at least so many bytes are compressed. 0 compresses none. */
  readonly compressAboveBytes: number;
}

/** Origins of pages that a developer serves. */
const localOrigin = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** True for an origin whose pages may use the API. */
export function isAllowedOrigin(origin: string, corsOrigins: readonly string[]): boolean {
  return corsOrigins.some((allowed) => (allowed === 'localhost' ? localOrigin.test(origin) : allowed === origin));
}

/** Seconds for which a browser remembers that it may send a request. */
const preflightSeconds = 600;

/** Members of an answer that a page of another origin may read. */
const exposedHeaders = [
  requestIdHeader,
  versionTokenHeader,
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
];

/** Everything but a page: a browser must neither run it nor show it in a frame. */
const policyOfData = "default-src 'none'; frame-ancestors 'none'";

/**
 * The headers that browsers need from each answer: the origins that may read it (CORS), headers that turn off what an API does not use, and
 * compression. There are no cookies, so credentials of a browser are never asked for.
 */
export async function serveBrowsers(app: FastifyInstance, options: BrowserOptions): Promise<void> {
  const { isProduction, corsOrigins, compressAboveBytes } = options;
  const origins = corsOrigins.map((origin) => (origin === 'localhost' ? localOrigin : origin));
  await app.register(cors, {
    origin: origins.length === 0 ? false : origins,
    methods: ['GET', 'POST'],
    exposedHeaders,
    maxAge: preflightSeconds,
    strictPreflight: false,
  });
  const headers = readHelmetHeaders({
    // Pages have policies of their own, and Sandbox loads Apollo's.
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    // A page of an allowed origin reads answers, which CORS decides about.
    crossOriginResourcePolicy: { policy: corsOrigins.length === 0 ? 'same-origin' : 'cross-origin' },
    frameguard: { action: 'deny' },
    // Only where TLS is in front: on localhost it would lock a browser out of every other project.
    strictTransportSecurity: isProduction ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    const isPage = String(reply.getHeader('content-type') ?? '').startsWith('text/html');
    if (!isPage && !reply.hasHeader('content-security-policy')) reply.header('content-security-policy', policyOfData);
    done(null, payload);
  });
  if (compressAboveBytes > 0)
    await app.register(compress, { threshold: compressAboveBytes, encodings: ['br', 'gzip', 'deflate'] });
}

/**
 * The headers that `helmet` sets, which are the same for each answer. The plugin of Fastify finds them anew for each request, which takes
 * more time than the rest of the server.
 */
function readHelmetHeaders(options: HelmetOptions): Record<string, string> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(options)(response.req, response, () => {});
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}
