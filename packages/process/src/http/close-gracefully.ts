import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../log/create-logger.ts';

/** The time for closing as a whole. `runService` ends the process by force a little later. */
const maxCloseMs = 14_000;

const closing = new WeakSet<FastifyInstance['server']>();

/** True once `app.close()` was called. */
export function isClosing(app: FastifyInstance): boolean {
  return closing.has(app.server);
}

/**
 * Makes `app.close()` lose no request. At first the server is not ready any more, and still accepts requests for `delayMs`: load
 * balancers need that time to notice. Then it stops listening, and finishes the requests in progress. All answers during closing end
 * kept-alive connections. Otherwise closing would wait for the clients for more than a minute.
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
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('preClose', async () => {
    closing.add(app.server);
    if (delayMs > 0 && app.server.listening) await new Promise((resolve) => setTimeout(resolve, delayMs));
    // Node closes idle connections, but not those on which nothing was ever sent.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    if (!app.server.listening) return;
    deadline = setTimeout(
      () => {
        logger.warn(
          { connections: sockets.size, drainMs },
          'open connections are destroyed, since the server is closing',
        );
        app.server.closeAllConnections();
      },
      Math.min(drainMs, maxCloseMs - delayMs),
    );
  });
  app.addHook('onClose', async () => clearTimeout(deadline));
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing(app)) reply.header('connection', 'close');
    done(null, payload);
  });
}
