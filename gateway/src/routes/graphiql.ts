import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorBody } from '@shop/process';
import type { FastifyInstance } from 'fastify';

/** A name or an address with its port. A request may send anything, which must not become a part of the policy. */
const isHost = /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

/**
 * Everything comes from this server. The editor writes style elements, which cannot have a nonce.
 *
 * @param host of the request. Some browsers do not take a WebSocket of the page's own host for `'self'`.
 */
const writePolicy = (host: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `connect-src 'self'${isHost.test(host) ? ` ws://${host} wss://${host}` : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * GraphiQL at `/graphiql`, from files of this project, so that it works without the internet. Production does not have it.
 *
 * @param options.directory the directory of the bundled page
 */
export function addGraphiqlRoutes(app: FastifyInstance, options: { isProduction: boolean; directory: string }): void {
  if (options.isProduction) return;
  const files = listFiles(options.directory);

  app.get<{ Params: { file?: string } }>('/graphiql/:file?', async (request, reply) => {
    if (files.size === 0)
      return reply
        .code(404)
        .send(errorBody('NOT_FOUND', 'GraphiQL has not been built. Run npm run build, and start the gateway again.'));
    const name = request.params.file || 'index.html';
    const type = files.get(name);
    if (type === undefined) return reply.code(404).send(errorBody('NOT_FOUND'));
    return reply
      .headers({
        'content-type': type,
        'content-security-policy': writePolicy(request.host),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      })
      .send(await readFile(path.join(options.directory, name)));
  });
}

/** The names that a URL may contain, with their content types. Anything else in a URL never becomes a path. */
function listFiles(directory: string): ReadonlyMap<string, string> {
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return new Map(
    names.flatMap((name) =>
      Object.entries(contentTypes)
        .filter(([ending]) => name.endsWith(ending))
        .map(([, type]) => [name, type]),
    ),
  );
}
