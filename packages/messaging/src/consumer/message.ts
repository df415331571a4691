import { MalformedMessage, parseEnvelope } from '../envelope.ts';
import type { EventHeaders, ReceivedEvent } from '../event.ts';
import type { Delivery } from './delivery.ts';
import type { EventHandler } from './handlers.ts';

/** A message that was read and verified, with the handler of its type. */
export interface Message<Tx> {
  readonly event: ReceivedEvent<unknown>;
  readonly handler: EventHandler<Tx>;
  /** False when the handler says that the event has no effect. */
  readonly isRelevant: boolean;
}

/** A message that came from the broker, and not from the dead letters. */
export interface DeliveredMessage<Tx> extends Message<Tx> {
  readonly delivery: Delivery;
}

/**
 * Reads a message and finds its handler.
 *
 * @throws MalformedMessage
 */
export function readMessage<Tx>(
  handlers: readonly EventHandler<Tx>[],
  { type, body, headers }: { readonly type: string; readonly body: Uint8Array; readonly headers: EventHeaders },
): Message<Tx> {
  const unchecked = parseEnvelope(body, headers);
  const eventId = unchecked.id;
  if (unchecked.type !== type)
    throw new MalformedMessage(`the envelope has the type ${unchecked.type}, but the subject is ${type}`, { eventId });
  const handler = handlers.find((candidate) => candidate.type === type);
  if (!handler) throw new MalformedMessage(`there is no handler for ${type}`, { eventId });
  try {
    const event = { ...unchecked, data: handler.parse(unchecked.data) };
    return { event, handler, isRelevant: handler.isRelevant(event.data) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MalformedMessage(`the data is malformed: ${reason}`, { cause, eventId });
  }
}
