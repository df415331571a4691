import { parseEnvelope } from '../envelope.ts';
import { MalformedMessage } from '../malformed-message.ts';
import type { Delivery } from './delivery.ts';
import { prepareMessage } from './handlers.ts';
import type { EventHandler, PreparedMessage } from './handlers.ts';

/** A delivery that was read, or could not be. */
export interface ReadDelivery<Tx> {
  readonly delivery: Delivery;
  readonly messageId: string;
  /** Deliveries of the same lane are handled one after the other. */
  readonly lane: string;
  readonly message: PreparedMessage<Tx> | MalformedMessage;
}

/** A delivery that was read. */
export interface ReadableDelivery<Tx> extends ReadDelivery<Tx> {
  readonly message: PreparedMessage<Tx>;
}

export function isReadable<Tx>(read: ReadDelivery<Tx>): read is ReadableDelivery<Tx> {
  return !(read.message instanceof MalformedMessage);
}

/** Reads a delivery. One without a readable envelope has a lane of its own. */
export function readDelivery<Tx>(handlers: readonly EventHandler<Tx>[], delivery: Delivery): ReadDelivery<Tx> {
  try {
    const message = prepareMessage(handlers, delivery);
    return { delivery, messageId: message.event.id, lane: message.event.subject, message };
  } catch (error) {
    const message =
      error instanceof MalformedMessage ? error : new MalformedMessage('the message cannot be read', { cause: error });
    return { delivery, ...identify(delivery), message };
  }
}

function identify(delivery: Delivery): { messageId: string; lane: string } {
  try {
    const event = parseEnvelope(delivery.body, delivery.headers);
    return { messageId: event.id, lane: event.subject };
  } catch {
    return { messageId: delivery.fallbackId, lane: delivery.fallbackId };
  }
}
