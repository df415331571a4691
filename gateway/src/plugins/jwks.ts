import { errorBody } from '@shop/process';
import type { FastifyInstance } from 'fastify';
import type { UserKeys } from '../identity/user-keys.ts';

/** Passes the user subgraph's public keys on, for others who verify our access tokens. */
export function addJwksRoute(app: FastifyInstance, keys: UserKeys): void {
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    const jwks = await keys.current().catch(() => undefined);
    if (jwks === undefined) {
      return reply.code(503).send(errorBody('SERVICE_UNAVAILABLE', 'The keys cannot be read now. Try again later.'));
    }
    return reply.header('cache-control', 'public, max-age=300').send(jwks);
  });
}
