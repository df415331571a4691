import type { Logger } from '@shop/process';
import type { Job } from '@shop/subgraph';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { beginAskedResets } from '../use-cases/begin-asked-resets.ts';
import { forgetRequests } from '../use-cases/forget-requests.ts';
import { recordKeyChanges } from '../use-cases/record-key-changes.ts';
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

/** Records changes of the keys of access tokens in the audit log. */
const recordKeys: Job<Pick<Dependencies, 'database' | 'accessTokens' | 'now'>> = {
  name: 'recording changes of keys',
  everyMs: 60_000,
  work: async (dependencies) => {
    await recordKeyChanges(dependencies);
    return false;
  },
};

/** Begins password resets that were asked for, within about a second. */
export const beginResets: Job<Pick<Dependencies, 'database'>> = {
  name: 'beginning password resets',
  everyMs: 1_000,
  work: beginAskedResets,
};

/** Deletes requests for links that have expired, and e-mails that accounts no longer have. */
const deleteOldRequests: Job<Pick<Dependencies, 'database' | 'now'> & { readonly logger: Logger }> = {
  name: 'deleting old requests and former addresses',
  everyMs: 10 * 60_000,
  work: async (dependencies) => {
    const deleted = await forgetRequests(dependencies);
    if (deleted > 0) dependencies.logger.debug({ deleted }, 'old requests and former addresses were deleted');
    return false;
  },
};

export const jobs = [deleteEndedSessions, recordKeys, beginResets, deleteOldRequests];
