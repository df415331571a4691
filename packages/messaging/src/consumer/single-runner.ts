import { delayAfter, pause } from '../async/wait.ts';
import type { Backoff } from '../async/wait.ts';
import { storeDeadLetter } from '../dead-letters/store.ts';
import { MalformedMessage } from '../envelope.ts';
import type { Logger } from '../logger.ts';
import type { Outage } from '../outage.ts';
import type { Delivery } from './delivery.ts';
import { handleMessages } from './handle-messages.ts';
import type { Effects } from './handle-messages.ts';
import type { DeliveredMessage } from './message.ts';

export interface SingleRunnerOptions<Tx> {
  readonly effects: Effects<Tx>;
  readonly maxAttempts: number;
  readonly maxDeliveries: number;
  readonly backoff: Backoff;
  readonly isTransient: (error: unknown) => boolean;
  readonly databaseOutage: Outage;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Runs a task when there is room for it. */
export interface TaskQueue {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

/** The pauses while the database is unavailable. They are short, so that work continues soon after it is back. */
export const databaseBackoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/** Handles a message in its own transaction and retries it, until the broker can get an answer. */
export class SingleRunner<Tx> {
  readonly #options: SingleRunnerOptions<Tx>;

  constructor(options: SingleRunnerOptions<Tx>) {
    this.#options = options;
  }

  /**
   * Handles a message. Resolves when its delivery is answered, and never rejects.
   *
   * @param queue Limits how many attempts run at a time.
   * @param firstError Error of the first attempt, if that was made elsewhere.
   */
  async settle(message: DeliveredMessage<Tx>, queue: TaskQueue, firstError?: unknown): Promise<void> {
    await this.#settle(message, queue, firstError).catch((error: unknown) =>
      this.#reportUnanswered(message.delivery, message.event.id, error),
    );
  }

  /** Stores a delivery that cannot be read as a dead letter. Resolves when the delivery is answered, and never rejects. */
  async giveUpUnread(delivery: Delivery, error: unknown): Promise<void> {
    const eventId = error instanceof MalformedMessage ? error.eventId : undefined;
    const messageId = eventId ?? delivery.fallbackId;
    await this.#giveUp(delivery, messageId, error, 1).catch((failure: unknown) =>
      this.#reportUnanswered(delivery, messageId, failure),
    );
  }

  async #settle(message: DeliveredMessage<Tx>, queue: TaskQueue, firstError: unknown): Promise<void> {
    const { delivery, event } = message;
    const { maxDeliveries, maxAttempts, backoff, isTransient, databaseOutage, signal } = this.#options;
    if (delivery.deliveries > maxDeliveries) {
      const error = new Error(
        `delivered ${delivery.deliveries} times without an answer: handling the message may end the process`,
      );
      return this.#giveUp(delivery, event.id, error, 0);
    }
    for (let failures = 0, outages = 0, error = firstError; ; error = undefined) {
      error ??= await queue.run(() => this.#attempt(message));
      if (error === undefined) return;
      if (signal.aborted) return delivery.release();
      if (error instanceof MalformedMessage) return this.#giveUp(delivery, event.id, error, failures + 1);
      if (isTransient(error)) {
        databaseOutage.begins(error);
        await pause(delayAfter(++outages, databaseBackoff), signal);
      } else {
        if (++failures >= maxAttempts) return this.#giveUp(delivery, event.id, error, failures);
        this.#log(
          'warn',
          delivery,
          { err: error, messageId: event.id, attempts: failures },
          'a message failed, retrying',
        );
        await pause(delayAfter(failures, backoff), signal);
      }
    }
  }

  /** Handles and acknowledges the message. Returns the error if that fails. */
  async #attempt(message: DeliveredMessage<Tx>): Promise<unknown> {
    const { effects, signal, databaseOutage } = this.#options;
    if (signal.aborted) return new Error('the consumer is stopping');
    try {
      await handleMessages(effects, [message]);
      message.delivery.acknowledge();
      databaseOutage.ends();
      return undefined;
    } catch (error) {
      return error ?? new Error('the handler threw no error object');
    }
  }

  async #giveUp(delivery: Delivery, messageId: string, error: unknown, attempts: number): Promise<void> {
    const { effects, isTransient, databaseOutage, backoff, signal } = this.#options;
    const { consumer, transact, sql } = effects;
    const deliveries = Math.max(1, delivery.deliveries - 1 + attempts);
    for (let outages = 1; ; outages += 1) {
      try {
        await transact((tx) => storeDeadLetter(sql(tx), delivery, { consumer, messageId, error, deliveries }));
        delivery.terminate();
        this.#log('error', delivery, { err: error, messageId, attempts }, 'a message became a dead letter');
        return;
      } catch (failure) {
        if (!isTransient(failure) || signal.aborted) {
          const text = 'a dead letter could not be stored, the broker delivers the message again';
          this.#log('error', delivery, { err: failure, messageId, attempts }, text);
          return delivery.release(backoff.maxMs);
        }
        databaseOutage.begins(failure);
        await pause(delayAfter(outages, databaseBackoff), signal);
      }
    }
  }

  /** Answering fails only when the connection was closed for good. The broker delivers the message again. */
  #reportUnanswered(delivery: Delivery, messageId: string, error: unknown): void {
    this.#log('error', delivery, { err: error, messageId, attempts: 0 }, 'a message could not be answered');
  }

  #log(level: 'warn' | 'error', { type, streamSequence, deliveries }: Delivery, fields: object, text: string): void {
    const { consumer } = this.#options.effects;
    this.#options.logger[level]({ ...fields, consumer, type, streamSequence, deliveries }, text);
  }
}
