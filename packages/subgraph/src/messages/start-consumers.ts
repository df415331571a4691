import {
  type Broker,
  type ConsumerDefinition,
  type DeadLetterNotice,
  type EventHandler,
  type MessagingObserver,
  type OutboxEvent,
  type RunningConsumer,
  type SqlExecutor,
  startConsumer,
  type Transact,
} from '@shop/messaging';
import type { Logger } from '@shop/process';

/**
 * Starts one consumer for each service that is followed, and gives each the handlers of the events that it reads.
 *
 * @throws TypeError when an event that is followed has no handler or two, or a handler's event is not followed
 */
export async function startConsumers<Tx>(options: {
  broker: Broker;
  consumers: readonly ConsumerDefinition[];
  handlers: readonly EventHandler<Tx>[];
  transact: Transact<Tx>;
  sql: (tx: Tx) => SqlExecutor;
  databaseUrl: string;
  gatherMs: number;
  reportDeadLetter: (notice: DeadLetterNotice) => OutboxEvent;
  logger: Logger;
  observer?: MessagingObserver;
}): Promise<RunningConsumer[]> {
  const { consumers, handlers, ...rest } = options;
  const stray = handlers.find(({ type }) => !consumers.some(({ subjects }) => subjects.includes(type)));
  if (stray !== undefined)
    throw new TypeError(`${rest.broker.service} does not follow ${stray.type}, for which it has a handler.`);
  return Promise.all(
    consumers.map((consumer) =>
      startConsumer({
        ...rest,
        consumer,
        handlers: handlers.filter(({ type }) => consumer.subjects.includes(type)),
      }),
    ),
  );
}
