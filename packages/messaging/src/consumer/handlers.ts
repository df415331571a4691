import { parseEnvelope } from '../envelope.ts';
import type { EventDefinition, ReceivedEvent } from '../event.ts';
import { MalformedMessage } from '../malformed-message.ts';
import type { Message } from './message.ts';

/** One row of a consumer's table: a type of event, and what is done with it. */
export interface EventHandler<Tx> {
  readonly type: string;
  /** Checks the data, and returns what is left to do in the transaction. Throws when the data is malformed. */
  prepare(event: ReceivedEvent<unknown>): (tx: Tx) => Promise<void>;
}

/**
 * Says what is done with events of a type.
 *
 * `handle` runs in the transaction that also claims the message, so its effect happens once however often the message comes.
 * When it throws, the transaction is rolled back and the message is tried again.
 */
export function on<Data, Tx>(
  definition: EventDefinition<Data>,
  handle: (event: ReceivedEvent<Data>, tx: Tx) => Promise<void>,
): EventHandler<Tx> {
  return {
    type: definition.type,
    prepare(event) {
      const checked = { ...event, data: definition.parse(event.data) };
      return (tx) => handle(checked, tx);
    },
  };
}

/** A message that was read: what is known before its transaction. */
export interface PreparedMessage<Tx> {
  readonly event: ReceivedEvent<unknown>;
  readonly run: (tx: Tx) => Promise<void>;
}

/**
 * Reads a message and finds its handler.
 *
 * @throws MalformedMessage
 */
export function prepareMessage<Tx>(handlers: readonly EventHandler<Tx>[], message: Message): PreparedMessage<Tx> {
  const event = parseEnvelope(message.body, message.headers);
  if (event.type !== message.type) throw new MalformedMessage(`the envelope says ${event.type}, the subject ${message.type}`);
  const handler = handlers.find((candidate) => candidate.type === event.type);
  if (!handler) throw new MalformedMessage(`no handler for ${event.type}`);
  try {
    return { event, run: handler.prepare(event) };
  } catch (cause) {
    throw new MalformedMessage(`the data is malformed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
