import type { FastifyInstance } from 'fastify';

/** The time that requests in progress may take after closing has begun. Then their connections are cut. */
const drainMs = 10_000;

/**
 * Makes `app.close()` finish requests in progress. Answers during closing end kept-alive connections. Otherwise closing
 * would wait for the clients for more than a minute.
 */
export function closeGracefully(app: FastifyInstance): void {
  let isClosing = false;
  let deadline: NodeJS.Timeout | undefined;
  app.addHook('preClose', (done) => {
    isClosing = true;
    deadline = setTimeout(() => app.server.closeAllConnections(), drainMs);
    deadline.unref();
    done();
  });
  app.addHook('onClose', async () => clearTimeout(deadline));
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done(null, payload);
  });
}
