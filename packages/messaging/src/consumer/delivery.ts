import type { JsMsg } from 'nats';
import type { EventHeaders } from '../event.ts';

/** A message as it was delivered, unread. Each delivery must be answered exactly once. */
export interface Delivery {
  /** Subject of the message, which is the event's type. */
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers: EventHeaders;
  readonly stream: string;
  /** Place of the message in the stream. 0 when it did not come from there. */
  readonly streamSequence: number;
  /** The number of deliveries of the message, including this one. */
  readonly deliveries: number;
  /** Identifies a message that has no readable event id. */
  readonly fallbackId: string;
  /** The message is handled. */
  acknowledge(): void;
  /** The message is still being handled. */
  extend(): void;
  /** The message must be delivered again, to this replica or another, after the given milliseconds. Default: at once. */
  release(delayMs?: number): void;
  /** The message must never be delivered again. */
  terminate(): void;
}

/** A message that the stream delivered. */
export class StreamDelivery implements Delivery {
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers: EventHeaders;
  readonly stream: string;
  readonly streamSequence: number;
  readonly deliveries: number;
  readonly #message: JsMsg;
  readonly #connection: AbortSignal;

  /**
   * @param connection Aborts when the connection is lost over which the message came. Later answers are dropped: the broker may have
   * been restored since, and may have given the message's place in the stream to another message.
   */
  constructor(message: JsMsg, connection: AbortSignal) {
    const { stream, streamSequence, deliveryCount } = message.info;
    const headers: Record<string, string> = {};
    for (const [name, values] of message.headers ?? []) headers[name] = values.join(',');
    this.type = message.subject;
    this.body = message.data;
    this.headers = headers;
    this.stream = stream;
    this.streamSequence = streamSequence;
    this.deliveries = deliveryCount;
    this.#message = message;
    this.#connection = connection;
  }

  get fallbackId(): string {
    const published = `${this.stream}:${this.streamSequence}@${this.#message.info.timestampNanos}`;
    return this.headers['Nats-Msg-Id'] ?? published;
  }

  acknowledge(): void {
    if (!this.#connection.aborted) this.#message.ack();
  }

  extend(): void {
    if (!this.#connection.aborted) this.#message.working();
  }

  release(delayMs?: number): void {
    if (!this.#connection.aborted) this.#message.nak(delayMs);
  }

  terminate(): void {
    if (!this.#connection.aborted) this.#message.term();
  }
}
