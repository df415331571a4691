import { errorBody } from '@shop/process';
import type { FastifyInstance } from 'fastify';
import type { TokenKeys } from '../identity/token-keys.ts';

/**
 * Publishes the public keys of access tokens, for others who verify them.
 *
 * @param options.hasIssuer tells whether somebody issues tokens
 */
export function addJwksRoute(app: FastifyInstance, options: { keys: TokenKeys; hasIssuer: () => boolean }): void {
  const { keys, hasIssuer } = options;
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    if (!hasIssuer()) return reply.code(404).send(errorBody('NOT_FOUND', 'This gateway accepts no access tokens.'));
    const jwks = await keys.current().catch(() => undefined);
    if (jwks === undefined) {
      return reply.code(503).send(errorBody('SERVICE_UNAVAILABLE', 'The keys cannot be fetched now. Try again later.'));
    }
    return reply.header('cache-control', 'public, max-age=300').send(jwks);
  });
}
