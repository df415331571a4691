import type { FastifyInstance } from 'fastify';

/** How long requests in flight may take once closing has begun; then their connections are cut. */
const drainMs = 10_000;

/**
 * `app.close()` finishes what is in flight. Connections that are kept alive are told to close with their answer: else
 * closing would wait for the client to let go of them, which takes more than a minute.
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
