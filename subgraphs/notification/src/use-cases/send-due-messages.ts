import { claimDue } from '../db/queue.ts';
import type { Channel, Lane } from '../domain/notification.ts';
import { type SendDependencies, sendMessage, type SendOutcome } from './send-message.ts';

/** Messages that a process sends at the same time, in each lane. */
const BATCH = 8;

/** The outcome of an attempt to send a message. */
export interface MessageOutcome {
  readonly lane: Lane;
  readonly channel: Channel;
  readonly outcome: SendOutcome;
}

/**
 * Sends messages of a lane that are due. Returns whether there may be more that can be sent now.
 *
 * @param dependencies.recordOutcome gets the outcome of each attempt; default: nobody
 */
export async function sendDueMessages(
  dependencies: SendDependencies & { readonly recordOutcome?: (outcome: MessageOutcome) => void },
  lane: Lane,
): Promise<boolean> {
  const messages = await claimDue(dependencies.database.client, lane, BATCH);
  const results = await Promise.allSettled(
    messages.map(async (message) => {
      const outcome = await sendMessage(dependencies, lane, message);
      dependencies.recordOutcome?.({ lane, channel: message.channel, outcome });
      return outcome;
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  const isWaiting = results.some((result) => result.status === 'fulfilled' && result.value === 'waiting');
  return messages.length === BATCH && !isWaiting;
}
