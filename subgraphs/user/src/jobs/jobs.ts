import type { Logger } from '@shop/process';
import type { Job } from '@shop/subgraph';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { forgetSessions } from '../use-cases/forget-sessions.ts';

/** Deletes sessions that have ended. */
const deleteEndedSessions: Job<Pick<Dependencies, 'database' | 'now'> & { readonly logger: Logger }> = {
  name: 'deleting ended sessions',
  everyMs: 10 * 60_000,
  work: async (dependencies) => {
    const deleted = await forgetSessions(dependencies);
    if (deleted > 0) dependencies.logger.debug({ deleted }, 'ended sessions were deleted');
    return false;
  },
};

export const jobs = [deleteEndedSessions];
