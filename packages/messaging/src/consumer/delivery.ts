import type { JsMsg } from 'nats';
import type { EventHeaders } from '../event.ts';

/** A message as the broker delivered it, unread. Each delivery must be answered exactly once. */
export class Delivery {
  /** Subject of the message, which is the event's type. */
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers: EventHeaders;
  readonly stream: string;
  readonly streamSequence: number;
  /** The number of deliveries of the message, including this one. */
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

  /** Identifies a message that has no readable event id. */
  get fallbackId(): string {
    const published = `${this.stream}:${this.streamSequence}@${this.#message.info.timestampNanos}`;
    return this.headers['Nats-Msg-Id'] ?? published;
  }

  /** Tells the broker that the message is handled. */
  acknowledge(): void {
    if (!this.#connection.aborted) this.#message.ack();
  }

  /** Asks the broker to wait longer for the answer. */
  extend(): void {
    if (!this.#connection.aborted) this.#message.working();
  }

  /** Asks the broker to deliver the message again, to this replica or another, after the given milliseconds. Default: at once. */
  release(delayMs?: number): void {
    if (!this.#connection.aborted) this.#message.nak(delayMs);
  }

  /** Tells the broker never to deliver the message again. */
  terminate(): void {
    if (!this.#connection.aborted) this.#message.term();
  }
}
