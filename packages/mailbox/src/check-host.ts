import { isIP } from 'node:net';
import { errorBody } from '@shop/process';
import type { FastifyInstance } from 'fastify';

/**
 * Answers only requests for this machine, for an address, and for a name without a dot, as containers have. A page on the internet can
 * give its own name the address 127.0.0.1: without this check it could then read the messages, which have links that reset passwords.
 */
export function checkHost(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const name = new URL(`http://${request.headers.host}/`).hostname.replace(/^\[|\]$/g, '');
    if (name.includes('.') && !name.endsWith('.localhost') && isIP(name) === 0)
      return reply.code(403).send(errorBody('FORBIDDEN', 'Open the mailbox as localhost.'));
  });
}
