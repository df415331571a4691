import type { ServerResponse } from 'node:http';
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../log/create-logger.ts';
import { findLatestAnswer } from './limit-connections.ts';
import { isHttp2 } from './time-out-streams.ts';

/** The time for closing as a whole. `runService` ends the process by force a little later. */
const maxCloseMs = 14_000;

const closing = new WeakSet<FastifyInstance['server']>();

/** True once `app.close()` was called. */
export function isClosing(app: FastifyInstance): boolean {
  return closing.has(app.server);
}

/**
 * Makes `app.close()` lose no request. At first the server is not ready any more, and still accepts requests for `delayMs`: load
 * balancers need that time to notice. Then it stops listening, and finishes the requests in progress. The last answer of a
 * kept-alive connection ends it. Otherwise closing would wait for the clients for more than a minute. The sessions of HTTP/2 are told to
 * go away, and end with their last answer.
 *
 * @param app created with `return503OnClosing: false`
 * @param options.delayMs milliseconds for which the server still accepts requests. Default: 0.
 * @param options.drainMs milliseconds that requests in progress may take after that. Then their connections are destroyed, and their
 *   number is logged. Default: 10,000.
 */
export function closeGracefully(
  app: FastifyInstance,
  {
    logger,
    delayMs = 0,
    drainMs = 10_000,
  }: { logger: Logger; delayMs?: number | undefined; drainMs?: number | undefined },
): void {
  let deadline: NodeJS.Timeout | undefined;
  const sockets = new Set<Socket>();
  const encrypted = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const server = app.server as unknown as Http2SecureServer;
  server.on('connection', (socket) => keep(sockets, socket));
  server.on('session', (session) => keep(sessions, session));
  server.on('secureConnection', (socket) => {
    keep(encrypted, socket);
    // Its handshake was longer than the server listened.
    if (!server.listening) socket.destroy();
  });
  app.addHook('preClose', async () => {
    closing.add(app.server);
    if (delayMs > 0 && app.server.listening) await new Promise((resolve) => setTimeout(resolve, delayMs));
    // Node closes idle connections, but not those on which nothing was ever sent.
    for (const socket of [...sockets, ...encrypted]) if (socket.bytesRead === 0) socket.destroy();
    for (const session of sessions) session.close();
    if (!app.server.listening) return;
    deadline = setTimeout(
      () => {
        logger.warn(
          { connections: sockets.size, drainMs },
          'open connections are destroyed, since the server is closing',
        );
        for (const socket of sockets) socket.destroy();
      },
      Math.min(drainMs, maxCloseMs - delayMs),
    );
  });
  app.addHook('onClose', async () => clearTimeout(deadline));
  app.addHook('onSend', (request, reply, payload, done) => {
    if (isHttp2(request)) reply.removeHeader('connection');
    else if (isClosing(app)) {
      // An answer that ends the connection would lose those after it.
      const latest = findLatestAnswer(request.raw.socket) ?? reply.raw;
      if (latest === reply.raw) reply.header('connection', 'close');
      else {
        // Fastify sets it when a request comes during closing.
        reply.raw.removeHeader('connection');
        // The latest answer was made before closing began, so that it does not end the connection by itself.
        if (latest.headersSent && latest.listenerCount('close', endConnection) === 0)
          latest.once('close', endConnection);
      }
    }
    done(null, payload);
  });
}

function endConnection(this: ServerResponse): void {
  this.req.socket.destroySoon();
}

function keep<Item extends Socket | ServerHttp2Session>(items: Set<Item>, item: Item): void {
  items.add(item);
  item.once('close', () => items.delete(item));
}
