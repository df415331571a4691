import { parseEnvelope } from '../envelope.ts';
import type { EventDefinition, ReceivedEvent } from '../event.ts';
import { MalformedMessage } from '../malformed-message.ts';
import type { Message } from './message.ts';

/** One row of a consumer's table: a type of event, and what is done with it. Made with `on` or `onBatch`. */
export interface EventHandler<Tx> {
  readonly type: string;
  /** The event with its data checked. Throws when the data is malformed. */
  check(event: ReceivedEvent<unknown>): ReceivedEvent<unknown>;
  /** Whether a checked event has an effect. */
  isRelevant(event: ReceivedEvent<unknown>): boolean;
  /** Handles checked and relevant events, no two of them of one aggregate. */
  handle(events: readonly ReceivedEvent<unknown>[], tx: Tx): Promise<void>;
}

/** Options of `on` and `onBatch`. */
export interface HandlerOptions<Data> {
  /**
   * Whether an event has an effect here. One that has none is acknowledged without a transaction and leaves no trace.
   * Decides by the data alone, and always in the same way. Default: each has.
   */
  readonly relevant?: (data: Data) => boolean;
}

/**
 * Says what is done with an event of a type.
 *
 * `handle` runs in the transaction that also claims the message, so its effect happens once however often the message comes. The
 * transaction is shared with other events: when one of them throws, it is rolled back, and each is tried again in one of its own.
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
 * Says what is done with several events of a type at once, in as few statements as they allow.
 *
 * `handle` gets at least one event, in the stream's order, and no two of one aggregate: the next event of an aggregate comes with a later
 * call, after events of other types that are between the two. Otherwise it is as with `on`.
 */
export function onBatch<Data, Tx>(
  definition: EventDefinition<Data>,
  handle: (events: readonly ReceivedEvent<Data>[], tx: Tx) => Promise<void>,
  { relevant = () => true }: HandlerOptions<Data> = {},
): EventHandler<Tx> {
  return {
    type: definition.type,
    check: (event) => ({ ...event, data: definition.parse(event.data) }),
    // Only what `check` returned comes to these two.
    isRelevant: (event) => relevant(event.data as Data),
    handle: (events, tx) => handle(events as readonly ReceivedEvent<Data>[], tx),
  };
}

/** A message that was read: what is known before its transaction. */
export interface PreparedMessage<Tx> {
  readonly event: ReceivedEvent<unknown>;
  readonly handler: EventHandler<Tx>;
  readonly isRelevant: boolean;
}

/**
 * Reads a message and finds its handler.
 *
 * @throws MalformedMessage
 */
export function prepareMessage<Tx>(handlers: readonly EventHandler<Tx>[], message: Message): PreparedMessage<Tx> {
  const unchecked = parseEnvelope(message.body, message.headers);
  if (unchecked.type !== message.type)
    throw new MalformedMessage(`the envelope says ${unchecked.type}, the subject ${message.type}`);
  const handler = handlers.find((candidate) => candidate.type === unchecked.type);
  if (!handler) throw new MalformedMessage(`no handler for ${unchecked.type}`);
  try {
    const event = handler.check(unchecked);
    return { event, handler, isRelevant: handler.isRelevant(event) };
  } catch (cause) {
    throw new MalformedMessage(`the data is malformed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
