import { inventoryUpdated, userDeleted } from '@shop/contracts';
import { on, onBatch } from '@shop/messaging';
import type { Transaction } from '../db/database.ts';
import { announce } from '../use-cases/announce.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { eraseRecipient } from '../use-cases/erase-recipient.ts';
import { followStock } from '../use-cases/follow-stock.ts';
import { queueMessages } from '../use-cases/queue-messages.ts';
import { announcementRules, deletionRule, messageRules } from './messages.ts';

/** The table from events of other services to use-cases. */
export function createHandlers(dependencies: Pick<Dependencies, 'now' | 'retentionDays' | 'lowStockThreshold'>) {
  return [
    ...messageRules.map(({ event, plan }) =>
      onBatch(
        event,
        (events, tx: Transaction) =>
          queueMessages(
            tx,
            events.flatMap(({ data, time }) => plan(data).map((message) => ({ message, eventTime: time }))),
            dependencies,
          ),
        { relevant: (data) => plan(data).length > 0 },
      ),
    ),
    ...announcementRules.map(({ event, plan }) =>
      onBatch(event, (events, tx: Transaction) =>
        announce(
          tx,
          events.flatMap(({ data, time }) => plan(data).map((announcement) => ({ announcement, eventTime: time }))),
          dependencies,
        ),
      ),
    ),
    onBatch(inventoryUpdated, (events, tx: Transaction) =>
      followStock(
        tx,
        events.map(({ data, time }) => ({ report: data, eventTime: time })),
        dependencies,
      ),
    ),
    on(userDeleted, ({ data, time }, tx: Transaction) =>
      eraseRecipient(tx, data.userId, deletionRule.plan(data), time, dependencies),
    ),
  ];
}
