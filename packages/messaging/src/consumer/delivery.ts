import type { JsMsg } from 'nats';
import type { Message } from './message.ts';

/** A message that the stream delivered, and has to be told what became of it. */
export interface Delivery extends Message {
  readonly stream: string;
  readonly streamSequence: number;
  /** How often the stream has delivered it, this time included. */
  readonly deliveries: number;
  /** Distinguishes a message without a readable id from all others. */
  readonly fallbackId: string;
  /** It is done with. */
  acknowledge(): void;
  /** Keeps it from being delivered again while it is in work. */
  extend(): void;
  /** It is to be delivered again, to this replica or another, after the given milliseconds. */
  release(delayMs?: number): void;
  /** It is not to be delivered again. */
  terminate(): void;
}

/**
 * @param connection Aborts when the connection is lost that the message came over. An answer that is given later is kept back: after
 * reconnecting, the broker may have been restored, and have another message at the same place, which the answer would seem to mean.
 */
export function toDelivery(message: JsMsg, connection: AbortSignal): Delivery {
  const { info } = message;
  const answer = (send: () => void) => () => {
    if (!connection.aborted) send();
  };
  const headers: Record<string, string> = {};
  for (const [name, values] of message.headers ?? []) headers[name] = values.join(',');
  return {
    type: message.subject,
    body: message.data,
    headers,
    stream: info.stream,
    streamSequence: info.streamSequence,
    deliveries: info.deliveryCount,
    fallbackId: headers['Nats-Msg-Id'] ?? `${info.stream}:${info.streamSequence}@${info.timestampNanos}`,
    acknowledge: answer(() => message.ack()),
    extend: answer(() => message.working()),
    release: (delayMs) => answer(() => message.nak(delayMs))(),
    terminate: answer(() => message.term()),
  };
}
