import type { EventDefinition, ReceivedEvent } from '../event.ts';
import { durableName } from '../topology.ts';
import type { ConsumerDefinition } from '../topology.ts';
import { matchSubjects } from './subject.ts';

/** One row of a consumer's table: an event type, and what to do with its events. Made with {@link on} or {@link onBatch}. */
export interface EventHandler<Tx> {
  readonly type: string;
  /** Returns the checked data. Throws when it is malformed. */
  parse(data: unknown): unknown;
  /** Returns whether an event with this checked data has an effect. */
  isRelevant(data: unknown): boolean;
  /** Handles checked and relevant events, no two of them of the same aggregate. */
  handle(events: readonly ReceivedEvent<unknown>[], tx: Tx): Promise<void>;
}

/** Options of {@link on} and {@link onBatch}. */
export interface HandlerOptions<Data> {
  /**
   * Returns whether an event has an effect here. An event without effect is acknowledged without a transaction and leaves no trace.
   * The answer must depend on the data alone. Default: every event has an effect.
   */
  readonly relevant?: (data: Data) => boolean;
}

/**
 * Handles the events of a type one at a time.
 *
 * `handle` runs in the transaction that also claims the message. Its effect therefore happens once, even when the
 * message is delivered repeatedly. Other events share the transaction. If one of them throws, the transaction is rolled
 * back, and each event is tried again in its own transaction.
 */
export function on<Data, Tx>(
  definition: EventDefinition<Data>,
  handle: (event: ReceivedEvent<Data>, tx: Tx) => Promise<void>,
  options?: HandlerOptions<Data>,
): EventHandler<Tx> {
  const handleEach = async (events: readonly ReceivedEvent<Data>[], tx: Tx): Promise<void> => {
    for (const event of events) await handle(event, tx);
  };
  return onBatch(definition, handleEach, options);
}

/**
 * Handles several events of a type at once, in as few statements as possible.
 *
 * `handle` gets at least one event, in the order of the stream, and no two events of the same aggregate. The next event of an aggregate
 * comes with a later call, after the events of other types that are between the two. Otherwise it works as {@link on}.
 */
export function onBatch<Data, Tx>(
  definition: EventDefinition<Data>,
  handle: (events: readonly ReceivedEvent<Data>[], tx: Tx) => Promise<void>,
  { relevant = () => true }: HandlerOptions<Data> = {},
): EventHandler<Tx> {
  return {
    type: definition.type,
    parse: (data) => definition.parse(data),
    // The consumer passes only data that `parse` returned.
    isRelevant: (data) => relevant(data as Data),
    handle: (events, tx) => handle(events as readonly ReceivedEvent<Data>[], tx),
  };
}

/**
 * Checks that every subject without a wildcard has exactly one handler, and that the consumer can receive every handler's type.
 *
 * @throws TypeError
 */
export function checkHandlers<Tx>(consumer: ConsumerDefinition, handlers: readonly EventHandler<Tx>[]): void {
  const name = durableName(consumer);
  const types = handlers.map((handler) => handler.type);
  const duplicate = types.find((type, index) => types.indexOf(type) !== index);
  if (duplicate) throw new TypeError(`${name} has two handlers for ${duplicate}. Remove one of them.`);
  const unhandled = consumer.subjects.find((subject) => !/[*>]/.test(subject) && !types.includes(subject));
  if (unhandled) throw new TypeError(`${name} has no handler for ${unhandled}. Add a handler or remove the subject.`);
  const isConsumed = matchSubjects(consumer.subjects);
  const unreachable = types.find((type) => !isConsumed(type));
  if (unreachable)
    throw new TypeError(`${name} has a handler for ${unreachable}, but does not consume it. Add it to the subjects.`);
}
