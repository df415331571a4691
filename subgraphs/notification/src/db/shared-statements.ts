import { coalesce, type RawSqlClient } from '@shop/subgraph';
import DataLoader from 'dataloader';
import { type Preferences, presetPreferences } from '../domain/preferences.ts';
import { findPreferences } from './preferences.ts';
import { type HandOver, markHandedOver, markSent } from './queue.ts';

/** Statements that messages of this process share. One round trip and one commit serve many. */
export interface SharedStatements {
  /** Loads the preferences of a user as they are now. */
  loadPreferences(userId: string): Promise<Preferences>;
  /** As {@link markHandedOver}, for one message. */
  markHandedOver(handOver: HandOver): Promise<boolean>;
  /** Hands a message to its provider. */
  deliver(send: () => Promise<void>): Promise<void>;
  /** As {@link markSent}, for one message. The statement waits for the messages that are being delivered, but not for long. */
  markSent(id: string): Promise<void>;
}

/** The messages of a batch come to a step in the same turn of the event loop. Nothing is remembered, and no batch waits for another. */
const ofOneTurn = { cache: false, maxBatchSize: 100 } as const;

export function shareStatements(client: RawSqlClient): SharedStatements {
  const preferences = new DataLoader(async (userIds: readonly string[]) => {
    const found = await findPreferences(client, userIds);
    return userIds.map((userId) => found.get(userId) ?? presetPreferences);
  }, ofOneTurn);
  const handOvers = new DataLoader(async (asked: readonly HandOver[]) => {
    const marked = await markHandedOver(client, asked);
    return asked.map(({ id }) => marked.has(id));
  }, ofOneTurn);
  return {
    loadPreferences: (userId) => preferences.load(userId),
    markHandedOver: (handOver) => handOvers.load(handOver),
    ...recordTogether(client),
  };
}

/** For so long, in milliseconds, an outcome waits for others. A process that is killed in that time leaves it unknown. */
const MAX_WAIT_MS = 20;

/** The mail server answers for one message after the other. A statement for each would be half of what PostgreSQL does for a message. */
function recordTogether(client: RawSqlClient): Pick<SharedStatements, 'deliver' | 'markSent'> {
  let delivering = 0;
  let recordWaiting: (() => void) | undefined;
  // The last message has its own outcome first.
  const recordUnlessOthersCome = (): void => void (delivering === 0 && setImmediate(() => recordWaiting?.()));
  const outcomes = coalesce(
    async (ids: readonly string[]) => {
      await markSent(client, ids);
      return ids.map(() => undefined);
    },
    {
      name: 'record sent messages',
      inFlight: 1,
      batch: 100,
      waiting: 10_000,
      schedule(begin) {
        const timer = setTimeout(() => recordWaiting?.(), MAX_WAIT_MS);
        recordWaiting = () => {
          clearTimeout(timer);
          recordWaiting = undefined;
          begin();
        };
        recordUnlessOthersCome();
      },
    },
  );
  return {
    async deliver(send) {
      delivering += 1;
      try {
        await send();
      } finally {
        delivering -= 1;
        recordUnlessOthersCome();
      }
    },
    markSent: outcomes,
  };
}
