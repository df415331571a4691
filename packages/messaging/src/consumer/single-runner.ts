import { delayAfter, pause } from '../async/wait.ts';
import type { Backoff } from '../async/wait.ts';
import { storeDeadLetter } from '../dead-letters/store.ts';
import { MalformedMessage } from '../envelope.ts';
import type { Logger } from '../logger.ts';
import type { MessagingObserver } from '../observer.ts';
import type { Outage } from '../outage.ts';
import { appendToOutbox } from '../outbox/append.ts';
import type { Delivery } from './delivery.ts';
import { handleMessages, isTheirOwn } from './handle-messages.ts';
import type { Effects } from './handle-messages.ts';
import type { DeliveredMessage } from './message.ts';
import { observeMessage } from './observe-message.ts';
import type { ConsumerOptions } from './options.ts';

export interface SingleRunnerOptions<Tx> {
  readonly effects: Effects<Tx>;
  readonly maxAttempts: number;
  readonly maxDeliveries: number;
  readonly backoff: Backoff;
  readonly isTransient: (error: unknown) => boolean;
  readonly reportDeadLetter: ConsumerOptions<Tx>['reportDeadLetter'];
  readonly databaseOutage: Outage;
  readonly logger: Logger;
  readonly observer?: MessagingObserver | undefined;
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
    const { maxDeliveries, maxAttempts, backoff, isTransient, signal } = this.#options;
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
        await this.#waitOut(message, error, ++outages);
      } else {
        if (++failures >= maxAttempts) return this.#giveUp(delivery, event.id, error, failures);
        observeMessage(this.#options, message, 'retried');
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

  /** Pauses after a failure that the database caused. It is not the message's, even if others succeed: never a dead letter. */
  async #waitOut({ delivery, event }: DeliveredMessage<Tx>, error: unknown, outages: number): Promise<void> {
    const { effects, backoff, databaseOutage, signal } = this.#options;
    const isOnlyThis = await isTheirOwn(error, effects);
    if (isOnlyThis) {
      const fields = { err: error, messageId: event.id, attempts: outages };
      this.#log('warn', delivery, fields, 'the database works, but not for a message, retrying');
    } else databaseOutage.begins(error);
    await pause(delayAfter(outages, isOnlyThis ? backoff : databaseBackoff), signal);
  }

  /** Handles and acknowledges the message. Returns the error if that fails. */
  async #attempt(message: DeliveredMessage<Tx>): Promise<unknown> {
    const { effects, signal, databaseOutage } = this.#options;
    if (signal.aborted) return new Error('the consumer is stopping');
    const startedAt = performance.now();
    try {
      await handleMessages(effects, [message]);
      observeMessage(this.#options, message, 'handled', (performance.now() - startedAt) / 1_000);
      message.delivery.acknowledge();
      databaseOutage.ends();
      return undefined;
    } catch (error) {
      return error ?? new Error('the handler threw no error object');
    }
  }

  async #giveUp(delivery: Delivery, messageId: string, error: unknown, attempts: number): Promise<void> {
    const { effects, isTransient, reportDeadLetter, databaseOutage, backoff, signal } = this.#options;
    const { consumer, transact, sql } = effects;
    const deliveries = Math.max(1, delivery.deliveries - 1 + attempts);
    for (let outages = 1; ; outages += 1) {
      try {
        await transact(async (tx) => {
          await storeDeadLetter(sql(tx), delivery, { consumer, messageId, error, deliveries });
          const report = reportDeadLetter?.({ consumer, eventType: delivery.type, eventId: messageId });
          if (report !== undefined) await appendToOutbox(sql(tx), [report]);
        });
        delivery.terminate();
        const { type, deliveries: delivered } = delivery;
        this.#options.observer?.settled({ consumer, type, outcome: 'dead_letter', deliveries: delivered });
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
