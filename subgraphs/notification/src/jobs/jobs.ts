import type { Job } from '@shop/subgraph';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { forgetOldMessages } from '../use-cases/forget-old-messages.ts';
import { handOutAnnouncements } from '../use-cases/hand-out-announcements.ts';
import { sendDueMessages } from '../use-cases/send-due-messages.ts';

/** Sends messages about accounts. They have a lane of their own: nothing else holds them up. */
export const sendUrgent: Job<Parameters<typeof sendDueMessages>[0]> = {
  name: 'sending messages about accounts',
  everyMs: 500,
  work: (dependencies) => sendDueMessages(dependencies, 'urgent'),
};

/** Sends all other messages. */
export const sendNormal: Job<Parameters<typeof sendDueMessages>[0]> = {
  name: 'sending messages',
  everyMs: 1_000,
  work: (dependencies) => sendDueMessages(dependencies, 'normal'),
};

/** Turns messages to the staff into one for each member. */
export const handOut: Job<Pick<Dependencies, 'database' | 'questions' | 'now'>> = {
  name: 'handing out messages to the staff',
  everyMs: 2_000,
  work: handOutAnnouncements,
};

/** Deletes messages after their retention time. */
const deleteOld: Job<Pick<Dependencies, 'database' | 'now' | 'retentionDays' | 'logger'>> = {
  name: 'deleting old messages',
  everyMs: 10 * 60_000,
  work: forgetOldMessages,
};

export const jobs = [sendUrgent, sendNormal, handOut, deleteOld];
