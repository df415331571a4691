import type { FastifyInstance } from 'fastify';
import type { Logger } from '../log/create-logger.ts';

/**
 * Makes `app.close()` finish requests in progress, and end in any case. Answers during closing end kept-alive
 * connections. Otherwise closing would wait for the clients for more than a minute.
 *
 * @param options.drainMs milliseconds that open connections may take after closing has begun. Then they are destroyed,
 *   and their number is logged. Default: 10,000.
 */
export function closeGracefully(
  app: FastifyInstance,
  { logger, drainMs = 10_000 }: { logger: Logger; drainMs?: number | undefined },
): void {
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    if (app.server.listening) {
      const deadline = setTimeout(() => {
        app.server.getConnections((_error, connections) => {
          logger.warn({ connections, drainMs }, 'open connections are destroyed, since the server is closing');
          app.server.closeAllConnections();
        });
      }, drainMs);
      app.server.once('close', () => clearTimeout(deadline));
    }
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done(null, payload);
  });
}
