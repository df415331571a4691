import { errorBody } from '@shop/process';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Messages } from './messages.ts';

const selection = z.object({
  to: z.string().max(320).optional(),
  after: z.coerce.number().int().nonnegative().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
const identified = z.object({ id: z.coerce.number().int().positive() });

/**
 * The messages in JSON, for tests and scripts: `GET /api/messages?to=&after=&limit=` lists them, the newest first, and
 * `GET /api/messages/:id` returns one.
 */
export function addApiRoutes(app: FastifyInstance, messages: Messages): void {
  app.get('/api/messages', async (request, reply) => {
    const parsed = selection.safeParse(request.query);
    if (!parsed.success)
      return reply.code(400).send(errorBody('BAD_REQUEST', 'Expected ?to=ADDRESS, ?after=ID and ?limit=1..1000.'));
    return reply.header('cache-control', 'no-store').send({ messages: await messages.list(parsed.data) });
  });
  app.get('/api/messages/:id', async (request, reply) => {
    const parsed = identified.safeParse(request.params);
    const message = parsed.success ? await messages.find(parsed.data.id) : undefined;
    if (message === undefined) return reply.code(404).send(errorBody('NOT_FOUND'));
    return reply.header('cache-control', 'no-store').send(message);
  });
}
