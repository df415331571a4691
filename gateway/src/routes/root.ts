import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/**
 * `/`: a browser is sent to GraphiQL, except in production. Any other client gets a description of the API in JSON.
 *
 * @param options.hasGraphiql whether this gateway serves `/graphiql`
 */
export function addRootRoute(app: FastifyInstance, options: { hasGraphiql: boolean }): void {
  const { hasGraphiql } = options;
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; version: string };
  const description = {
    name,
    version,
    endpoints: {
      graphql: '/graphql',
      ...(hasGraphiql ? { graphiql: '/graphiql' } : {}),
      health: '/health',
      live: '/health/live',
      ready: '/health/ready',
      jwks: '/.well-known/jwks.json',
    },
  };

  app.get('/', async (request, reply) => {
    reply.header('vary', 'accept');
    const isBrowser = request.headers.accept?.includes('text/html') === true;
    return isBrowser && hasGraphiql ? reply.redirect('/graphiql', 302) : reply.send(description);
  });
}
