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
  /** As {@link markSent}, for one message. */
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
  // The mail server answers for one message after the other: those that it accepts while a statement runs share the next one.
  const outcomes = coalesce(
    async (ids: readonly string[]) => {
      await markSent(client, ids);
      return ids.map(() => undefined);
    },
    { name: 'record sent messages', inFlight: 1, batch: 100, waiting: 10_000 },
  );
  return {
    loadPreferences: (userId) => preferences.load(userId),
    markHandedOver: (handOver) => handOvers.load(handOver),
    markSent: outcomes,
  };
}
