import type { ServerResponse } from 'node:http';
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { limitSessions } from './http2-sessions.ts';
import { Attachment } from './attachment.ts';
import { serverLimits } from './create-app.ts';
import { isHttp2 } from './time-out-streams.ts';

/** The answers of each HTTP/1.1 connection that may not be closed yet, in their order. */
const latest = new Attachment<Socket, ServerResponse[]>();

/** The answer to the request that came last on an HTTP/1.1 connection. */
export function findLatestAnswer(socket: Socket): ServerResponse | undefined {
  return latest.get(socket)?.at(-1);
}

/**
 * Bounds what one client can hold.
 *
 * - Of the requests of one HTTP/1.1 connection, only `pipelining` are executed at a time, in turn: the next one begins when an answer was
 *   handed to the operating system. A client that sends many requests and never reads holds so many answers, not all of them. When
 *   there is more than one, the header `keep-alive` tells it.
 * - A connection is cut when the client has taken no byte of its answer for `stallMs`. So is a connection without a request on which no
 *   byte arrives for that time. A connection that waits for its answer stays: other timeouts bound the work of a request.
 * - For HTTP/2, see {@link limitSessions}.
 */
export function limitConnections(
  app: FastifyInstance,
  options: { stallMs: number; maxConnections?: number; maxRequests: number; pipelining: number },
): void {
  const { pipelining } = options;
  const keepAlive = `timeout=${serverLimits.keepAliveTimeout / 1_000}, pipelining=${pipelining}`;
  app.addHook('onRequest', (request, reply, done) => {
    if (isHttp2(request)) return done();
    const { socket } = request.raw;
    if (pipelining > 1) reply.header('keep-alive', keepAlive);
    let answers = latest.get(socket);
    if (answers === undefined) latest.set(socket, (answers = []));
    while (answers[0]?.closed === true) answers.shift();
    const previous = answers.at(-pipelining);
    answers.push(reply.raw);
    if (previous === undefined || previous.closed) done();
    else previous.once('close', () => void (socket.destroyed || done()));
  });

  // Node reports a socket on which no byte has moved in either direction. It sets another time for idle kept-alive connections.
  app.server.setTimeout(options.stallMs, (socket: Socket | ServerHttp2Session) => {
    // A session of HTTP/2 has timeouts of its own.
    if (!(socket instanceof Socket)) return;
    const isAnswered = latest.get(socket)?.at(-1)?.closed ?? true;
    if (isAnswered || socket.writableLength > 0) socket.destroy();
  });
  if (options.maxConnections !== undefined) app.server.maxConnections = options.maxConnections;
  limitSessions(app.server as unknown as Http2SecureServer, options);
}
