import { createInbox, headers } from 'nats';
import type { Msg, NatsConnection } from 'nats';
import { envelopeContentType } from '../envelope.ts';
import { republishedHeader } from '../outbox/republish-since.ts';
import type { Acknowledgement } from './publish-batch.ts';
import { readPublishAnswer } from './read-publish-answer.ts';
import type { PendingEvent } from './take-batch.ts';

export interface PublisherOptions {
  readonly nats: NatsConnection;
  /**
   * Aborts when the connection is lost. What the client is given after that might be sent after reconnecting, before anybody has looked
   * at what the broker still has; and answers to what it was given before do not come any more.
   */
  readonly connection: AbortSignal;
  /** Where this service may listen for answers. */
  readonly inboxPrefix: string;
  /** Name of the stream that is to keep the events. */
  readonly stream: string;
  /** Milliseconds to wait for the broker's acknowledgement. */
  readonly timeoutMs: number;
}

interface Waiting {
  readonly sequence: string;
  readonly deadline: number;
  resolve(acknowledgement: Acknowledgement): void;
  reject(error: unknown): void;
}

/**
 * Publishes a batch's events over a connection, with the outbox's id as the message's, by which the broker knows a repeated one for a while.
 *
 * One subscription and one timer serve the whole batch: the client's own requests have a timer, an error with a stack and several
 * promises each, which cost more than all the rest.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #inbox: string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #stopListening: () => void;
  readonly #watching: NodeJS.Timeout;
  readonly #onLost = (): void => this.#rejectAll(() => true, 'the connection to the broker was lost');
  #count = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { nats, connection, timeoutMs } = options;
    this.#inbox = createInbox(options.inboxPrefix);
    const subscription = nats.subscribe(`${this.#inbox}.*`, { callback: (_error, message) => this.#onAnswer(message) });
    this.#stopListening = () => subscription.unsubscribe();
    this.#watching = setInterval(() => this.#rejectLate(), timeoutMs / 10);
    connection.addEventListener('abort', this.#onLost);
  }

  async publish({ sequence, id, type, body, headers: fields }: PendingEvent): Promise<Acknowledgement> {
    const { nats, connection, stream, timeoutMs } = this.#options;
    if (connection.aborted) throw new Error('the connection to the broker was lost');
    const { [republishedHeader]: republished } = fields;
    const messageHeaders = headers();
    for (const [name, value] of Object.entries(fields)) messageHeaders.set(name, value);
    messageHeaders.set('Content-Type', envelopeContentType);
    messageHeaders.set('Nats-Msg-Id', republished === undefined ? id : `${id}:${republished}`);
    messageHeaders.set('Nats-Expected-Stream', stream);
    const reply = `${this.#inbox}.${++this.#count}`;
    nats.publish(type, body, { reply, headers: messageHeaders });
    return new Promise((resolve, reject) => {
      this.#waiting.set(reply, { sequence, deadline: performance.now() + timeoutMs, resolve, reject });
    });
  }

  /** To be called when the batch is done with. */
  close(): void {
    clearInterval(this.#watching);
    this.#options.connection.removeEventListener('abort', this.#onLost);
    this.#stopListening();
  }

  #onAnswer(message: Msg): void {
    const waiting = this.#waiting.get(message.subject);
    if (!waiting) return;
    this.#waiting.delete(message.subject);
    try {
      waiting.resolve({ sequence: waiting.sequence, ...readPublishAnswer(message) });
    } catch (error) {
      waiting.reject(error);
    }
  }

  #rejectLate(): void {
    const now = performance.now();
    this.#rejectAll(({ deadline }) => deadline < now, 'the broker did not answer in time');
  }

  #rejectAll(which: (waiting: Waiting) => boolean, reason: string): void {
    for (const [reply, waiting] of this.#waiting) {
      if (!which(waiting)) continue;
      this.#waiting.delete(reply);
      waiting.reject(new Error(reason));
    }
  }
}
