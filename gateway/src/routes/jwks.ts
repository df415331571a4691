import { errorBody } from '@shop/process';
import type { FastifyInstance } from 'fastify';
import type { TokenKeys } from '../identity/token-keys.ts';

/** Publishes the public keys of access tokens, for others who verify them. */
export function addJwksRoute(app: FastifyInstance, keys: TokenKeys): void {
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    const jwks = await keys.current().catch(() => undefined);
    if (jwks === undefined) {
      return reply.code(503).send(errorBody('SERVICE_UNAVAILABLE', 'The keys cannot be fetched now. Try again later.'));
    }
    return reply.header('cache-control', 'public, max-age=300').send(jwks);
  });
}
