import type { ServerResponse } from 'node:http';
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { limitSessions } from './http2-sessions.ts';
import { Attachment } from './attachment.ts';
import { isHttp2 } from './time-out-streams.ts';

/**
 * Bounds what one client can hold.
 *
 * - The requests of one HTTP/1.1 connection are executed one after another: the next one begins when the answer before it was handed to
 *   the operating system. A client that sends many requests and never reads holds one answer, not all of them.
 * - A connection is cut when the client has taken no byte of its answer for `stallMs`. So is a connection without a request on which no
 *   byte arrives for that time. A connection that waits for its answer stays: other timeouts bound the work of a request.
 * - For HTTP/2, see {@link limitSessions}.
 */
export function limitConnections(
  app: FastifyInstance,
  options: { stallMs: number; maxConnections?: number; maxRequests: number },
): void {
  const latest = new Attachment<Socket, ServerResponse>();
  app.addHook('onRequest', (request, reply, done) => {
    if (isHttp2(request)) return done();
    const { socket } = request.raw;
    const previous = latest.get(socket);
    latest.set(socket, reply.raw);
    if (previous === undefined || previous.closed) done();
    else previous.once('close', () => void (socket.destroyed || done()));
  });

  // Node reports a socket on which no byte has moved in either direction. It sets another time for idle kept-alive connections.
  app.server.setTimeout(options.stallMs, (socket: Socket | ServerHttp2Session) => {
    // A session of HTTP/2 has timeouts of its own.
    if (!(socket instanceof Socket)) return;
    const isAnswered = latest.get(socket)?.closed ?? true;
    if (isAnswered || socket.writableLength > 0) socket.destroy();
  });
  if (options.maxConnections !== undefined) app.server.maxConnections = options.maxConnections;
  limitSessions(app.server as unknown as Http2SecureServer, options);
}
