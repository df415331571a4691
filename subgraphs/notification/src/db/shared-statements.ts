import { aloneWhenRefused, coalesce, retryLost, type RawSqlClient } from '@shop/subgraph';
import type { Preferences } from '../domain/preferences.ts';
import { findPreferences } from './preferences.ts';
import { type HandOver, markHandedOver, markSent } from './queue.ts';

/** Statements that the messages which a process sends at the same time share: one round trip and one commit serve all of them. */
export interface SharedStatements {
  /** The preferences of a user; undefined when the user never chose. */
  findPreferences(userId: string): Promise<Preferences | undefined>;
  /** False when the message must not be handed over, see {@link markHandedOver}. */
  markHandedOver(handOver: HandOver): Promise<boolean>;
  markSent(id: string): Promise<void>;
}

const limits = { inFlight: 1, batch: 64, waiting: 1_000 };

export function shareStatements(client: RawSqlClient): SharedStatements {
  return {
    findPreferences: coalesce(
      async (userIds: readonly string[]) => {
        const found = await findPreferences(client, userIds);
        return userIds.map((id) => found.get(id));
      },
      { name: 'find preferences', ...limits },
    ),
    markHandedOver: coalesce(
      aloneWhenRefused(async (handOvers: readonly HandOver[]) => {
        const marked = await retryLost(() => markHandedOver(client, handOvers));
        return handOvers.map(({ id }) => marked.has(id));
      }),
      { name: 'mark as handed over', ...limits },
    ),
    markSent: coalesce(
      async (ids: readonly string[]) => {
        await retryLost(() => markSent(client, ids));
        return ids.map(() => undefined);
      },
      { name: 'mark as sent', ...limits },
    ),
  };
}
