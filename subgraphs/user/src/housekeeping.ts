import type { Logger } from '@shop/process';
import type { Dependencies } from './use-cases/dependencies.ts';
import { forgetSessions } from './use-cases/forget-sessions.ts';

const EVERY_MS = 10 * 60_000;

/** Forgets sessions that have ended, every ten minutes. A database that is away costs a warning, and the next round does it. */
export function startSessionHousekeeping(
  dependencies: Pick<Dependencies, 'database' | 'now'>,
  logger: Logger,
): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const run = async () => {
    try {
      const deleted = await forgetSessions(dependencies);
      if (deleted > 0) logger.debug({ deleted }, 'ended sessions were deleted');
    } catch (error) {
      logger.warn({ err: error }, 'ended sessions could not be deleted');
    }
  };
  const timer = setInterval(() => void (running = running.then(run)), EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
}
