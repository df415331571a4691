import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { errorBody } from '../http/answer-errors-as-json.ts';
import type { Logger } from './create-logger.ts';
import { logLevels } from './log-levels.ts';

/** The longest time for which a level is changed: a forgotten `trace` would fill a disk. */
export const maxLevelMinutes = 24 * 60;

const changeShape = z.object({
  level: z.enum(logLevels),
  /** Then the level is the configured one again. */
  minutes: z.number().int().min(1).max(maxLevelMinutes).default(15),
});

/** The level of a process's log. */
export interface LogLevelState {
  readonly level: string;
  /** The level that the process started with. */
  readonly configured: string;
  /** When the level becomes the configured one again, or null. */
  readonly until: string | null;
}

/**
 * Adds `GET /log-level` and `PUT /log-level`, which changes the level for some minutes. Everybody who reaches the port may read, and only
 * connections from this machine, or this container, may change: a level hides lines, or fills a disk.
 */
export function addLogLevelRoutes(app: FastifyInstance, logger: Logger): void {
  const configured = logger.level;
  let until: Date | null = null;
  let timer: NodeJS.Timeout | undefined;

  const describe = (): LogLevelState => ({ level: logger.level, configured, until: until?.toISOString() ?? null });

  function setLevel(level: string, minutes: number): void {
    clearTimeout(timer);
    const isChanged = level !== configured;
    until = isChanged ? new Date(Date.now() + minutes * 60_000) : null;
    if (isChanged) timer = setTimeout(() => setLevel(configured, 0), minutes * 60_000).unref();
    const line = { logLevel: level, until: until?.toISOString() };
    logger.info(line, 'the level of the log changes');
    logger.level = level;
  }

  app.addHook('onClose', async () => clearTimeout(timer));
  app.get('/log-level', async () => describe());
  app.put('/log-level', { onRequest: requireThisMachine }, async (request, reply) => {
    const change = changeShape.safeParse(request.body);
    if (!change.success)
      return reply
        .code(400)
        .send(
          errorBody(
            'BAD_REQUEST',
            `Send { "level", "minutes" } as JSON: one of ${logLevels.join(', ')}, and 1 to ${maxLevelMinutes} minutes.`,
          ),
        );
    setLevel(change.data.level, change.data.minutes);
    return describe();
  });
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A page in a browser on this machine is refused too: it cannot send JSON to another origin, and its own name is another host. */
async function requireThisMachine(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { remoteAddress = '', localAddress } = request.raw.socket;
  const isLocal = remoteAddress === localAddress || /^(::ffff:)?127\.|^::1$/.test(remoteAddress);
  const { hostname } = new URL(`http://${request.headers.host}/`);
  const isNamed = loopbackNames.has(hostname) || hostname.replace(/^\[|\]$/g, '') === localAddress;
  if (isLocal && isNamed) return undefined;
  return reply
    .code(403)
    .send(errorBody('FORBIDDEN', 'The level can only be changed from the machine or container of the process.'));
}
