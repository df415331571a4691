import { delayAfter } from '../async/backoff.ts';
import type { Backoff } from '../async/backoff.ts';
import { pause } from '../async/pause.ts';
import { storeDeadLetter } from '../dead-letters/store.ts';
import type { Logger } from '../logger.ts';
import { MalformedMessage } from '../malformed-message.ts';
import type { Outage } from '../outage.ts';
import type { Delivery } from './delivery.ts';
import { handleMessages } from './handle-messages.ts';
import type { Effects } from './handle-messages.ts';
import type { PreparedMessage } from './handlers.ts';
import type { ReadDelivery } from './read-delivery.ts';

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
export type RunInTurn = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** Waits for a database that is away: short enough to go on soon after it is back. */
export const transientBackoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/** Handles a delivery in a transaction of its own, as often as it takes, until the stream can be told what became of it. */
export class SingleRunner<Tx> {
  readonly #options: SingleRunnerOptions<Tx>;

  constructor(options: SingleRunnerOptions<Tx>) {
    this.#options = options;
  }

  /**
   * Resolves when the delivery is done with; never rejects.
   *
   * @param firstError Why the first attempt failed, where that was made elsewhere.
   */
  async settle(read: ReadDelivery<Tx>, inTurn: RunInTurn, firstError?: unknown): Promise<void> {
    // Telling the stream can fail only when the connection was closed for good: then the message is delivered again.
    await this.#settle(read, inTurn, firstError).catch((error: unknown) =>
      this.#log('error', read, error, 0, 'the stream could not be told about a message'),
    );
  }

  async #settle(read: ReadDelivery<Tx>, inTurn: RunInTurn, firstError: unknown): Promise<void> {
    const { delivery, message } = read;
    const { maxDeliveries, signal } = this.#options;
    if (message instanceof MalformedMessage) return this.#giveUp(read, message, 1);
    if (delivery.deliveries > maxDeliveries) {
      return this.#giveUp(
        read,
        new Error(`delivered ${delivery.deliveries} times without an answer: handling it may end the process`),
        0,
      );
    }
    for (let failures = 0, outages = 0, error = firstError; ; error = undefined) {
      error ??= await this.#attempt(delivery, message, inTurn);
      if (error === undefined) return;
      if (signal.aborted) return delivery.release();
      if (error instanceof MalformedMessage) return this.#giveUp(read, error, failures + 1);
      if (this.#options.isTransient(error)) {
        this.#options.databaseOutage.begins(error);
        await pause(delayAfter(++outages, transientBackoff), signal);
      } else {
        if (++failures >= this.#options.maxAttempts) return this.#giveUp(read, error, failures);
        this.#log('warn', read, error, failures, 'a message failed and is tried again');
        await pause(delayAfter(failures, this.#options.backoff), signal);
      }
    }
  }

  /** Returns the error of an attempt that failed. */
  #attempt(delivery: Delivery, message: PreparedMessage<Tx>, inTurn: RunInTurn): Promise<unknown> {
    const { effects, signal, databaseOutage } = this.#options;
    return inTurn(async () => {
      if (signal.aborted) return new Error('stopping');
      try {
        await handleMessages(effects, [message]);
        delivery.acknowledge();
        databaseOutage.ends();
        return undefined;
      } catch (error) {
        return error ?? new Error('the handler threw nothing');
      }
    });
  }

  async #giveUp(read: ReadDelivery<Tx>, error: unknown, attempts: number): Promise<void> {
    const { effects, isTransient, databaseOutage, backoff, signal } = this.#options;
    const { delivery, messageId } = read;
    const deadLetter = {
      ...delivery,
      consumer: effects.consumer,
      messageId,
      error,
      deliveries: Math.max(1, delivery.deliveries - 1 + attempts),
    };
    for (let outages = 1; ; outages += 1) {
      try {
        await effects.transact((tx) => storeDeadLetter(effects.sql(tx), deadLetter));
        delivery.terminate();
        return this.#log('error', read, error, attempts, 'a message is given up and kept as a dead letter');
      } catch (storing) {
        if (!isTransient(storing) || signal.aborted) {
          this.#log('error', read, storing, attempts, 'a dead letter could not be stored: the message will come again');
          return delivery.release(backoff.maxMs);
        }
        databaseOutage.begins(storing);
        await pause(delayAfter(outages, transientBackoff), signal);
      }
    }
  }

  #log(
    level: 'warn' | 'error',
    { delivery, messageId }: ReadDelivery<Tx>,
    error: unknown,
    attempts: number,
    text: string,
  ): void {
    const { type, streamSequence, deliveries } = delivery;
    const { consumer } = this.#options.effects;
    this.#options.logger[level]({ err: error, consumer, messageId, type, streamSequence, deliveries, attempts }, text);
  }
}
