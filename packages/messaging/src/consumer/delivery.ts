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

export function toDelivery(message: JsMsg): Delivery {
  const { info } = message;
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
    acknowledge: () => message.ack(),
    extend: () => message.working(),
    release: (delayMs) => message.nak(delayMs),
    terminate: () => message.term(),
  };
}
