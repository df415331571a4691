import { createInbox, headers } from 'nats';
import type { Msg, NatsConnection } from 'nats';
import { envelopeContentType } from '../envelope.ts';
import { republishedHeader } from '../outbox/republish.ts';
import { outboxSequenceHeader } from '../topology.ts';
import type { PendingEvent } from './outbox-rows.ts';

export interface PublisherOptions {
  readonly nats: NatsConnection;
  /** Aborts when the connection is lost: answers to earlier messages no longer arrive. */
  readonly connection: AbortSignal;
  /** Prefix of the subjects on which this service may receive answers. */
  readonly inboxPrefix: string;
  /** Name of the stream that must store the events. */
  readonly stream: string;
  /** Milliseconds to wait for the broker's acknowledgement. */
  readonly timeoutMs: number;
}

interface Waiting {
  readonly deadline: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Publishes the events of a batch. The message id is the event's id, by which the broker recognises a repeated event for some minutes.
 *
 * One subscription and one timer serve the whole batch. The client's own requests create a timer, an error with a stack and several
 * promises for each message, which cost more than everything else.
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

  async publish({ sequence, id, type, body, headers: fields }: PendingEvent): Promise<void> {
    const { nats, connection, stream, timeoutMs } = this.#options;
    if (connection.aborted) throw new Error('the connection to the broker was lost');
    const { [republishedHeader]: republished } = fields;
    const messageHeaders = headers();
    for (const [name, value] of Object.entries(fields)) messageHeaders.set(name, value);
    messageHeaders.set('Content-Type', envelopeContentType);
    messageHeaders.set('Nats-Msg-Id', republished === undefined ? id : `${id}:${republished}`);
    messageHeaders.set('Nats-Expected-Stream', stream);
    messageHeaders.set(outboxSequenceHeader, sequence);
    const reply = `${this.#inbox}.${++this.#count}`;
    nats.publish(type, body, { reply, headers: messageHeaders });
    return new Promise((resolve, reject) => {
      this.#waiting.set(reply, { deadline: performance.now() + timeoutMs, resolve, reject });
    });
  }

  /** Call it when the batch is done. */
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
      checkAnswer(message);
      waiting.resolve();
    } catch (error) {
      waiting.reject(error);
    }
  }

  #rejectLate(): void {
    const now = performance.now();
    this.#rejectAll(({ deadline }) => deadline < now, 'the broker did not answer in time');
  }

  #rejectAll(condition: (waiting: Waiting) => boolean, reason: string): void {
    for (const [reply, waiting] of this.#waiting) {
      if (!condition(waiting)) continue;
      this.#waiting.delete(reply);
      waiting.reject(new Error(reason));
    }
  }
}

/** JetStream's answer to a message: its place in the stream, or an error. */
interface PublishAnswer {
  readonly stream?: string;
  readonly seq?: number;
  readonly error?: { readonly code: number; readonly description: string };
}

/**
 * Checks JetStream's answer to a published message.
 *
 * @throws Error with the same fields as the client's own errors, when the stream did not store the message.
 */
function checkAnswer(message: Msg): void {
  if (message.data.length === 0)
    throw Object.assign(new Error('no stream stored the message'), { code: String(message.headers?.code ?? '') });
  const { stream, seq, error } = message.json<PublishAnswer>();
  if (error) throw Object.assign(new Error(error.description), { code: String(error.code), api_error: error });
  if (!stream || typeof seq !== 'number') throw new Error('the answer to a message does not come from JetStream');
}
