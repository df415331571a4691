import { type ConsumerDefinition, durableName, readBacklog } from '@shop/messaging';
import type { DatabaseGauges } from './database-gauges.ts';

/**
 * The events and messages that wait in a subgraph's database.
 *
 * @param options.followers the consumers of its stream
 * @param options.consumers its own consumers, which keep the dead letters
 */
export function createMessageGauges(options: {
  followers: readonly ConsumerDefinition[];
  consumers: readonly ConsumerDefinition[];
}): DatabaseGauges {
  const { followers, consumers } = options;
  return {
    name: 'messages',
    gauges: {
      shop_outbox_pending_events: { help: 'Events in the outbox that the broker has not stored' },
      shop_outbox_oldest_pending_seconds: { help: 'Age of the oldest event that the broker has not stored, or 0' },
      shop_outbox_unconfirmed_events: {
        help: 'Events that a follower has not confirmed. A confirmation takes 12 seconds, after a rest up to 22',
        labels: ['follower'],
      },
      shop_outbox_oldest_unconfirmed_seconds: {
        help: 'Age of the oldest event that a follower has not confirmed, or 0',
        labels: ['follower'],
      },
      shop_outbox_rows: { help: 'Rows of the outbox, by the estimate of PostgreSQL' },
      shop_inbox_rows: { help: 'Rows of the inbox, by the estimate of PostgreSQL' },
      shop_dead_letters: { help: 'Messages that could not be handled and are not resolved', labels: ['consumer'] },
    },
    read: async (sql) => {
      const { pending, unconfirmed, deadLetters, rows } = await readBacklog(sql, followers);
      return {
        shop_outbox_pending_events: pending.events,
        shop_outbox_oldest_pending_seconds: pending.oldestSeconds,
        shop_outbox_unconfirmed_events: unconfirmed.map(({ follower, events }) => ({
          labels: { follower },
          value: events,
        })),
        shop_outbox_oldest_unconfirmed_seconds: unconfirmed.map(({ follower, oldestSeconds }) => ({
          labels: { follower },
          value: oldestSeconds,
        })),
        shop_outbox_rows: rows.outbox,
        shop_inbox_rows: rows.inbox,
        shop_dead_letters: consumers.map((definition) => {
          const consumer = durableName(definition);
          return { labels: { consumer }, value: deadLetters.get(consumer) ?? 0 };
        }),
      };
    },
  };
}
