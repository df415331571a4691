import { delayAfter } from '../async/backoff.ts';
import type { Backoff } from '../async/backoff.ts';
import type { Bell } from '../async/bell.ts';
import type { Lanes } from '../async/lanes.ts';
import { pause } from '../async/pause.ts';
import type { Slots } from '../async/slots.ts';
import { storeDeadLetter } from '../dead-letters/store.ts';
import type { Logger } from '../logger.ts';
import { MalformedMessage } from '../malformed-message.ts';
import type { Outage } from '../outage.ts';
import type { Delivery } from './delivery.ts';
import { handleMessage } from './handle-message.ts';
import type { Effects } from './handle-message.ts';
import type { EventHandler } from './handlers.ts';
import { readDelivery } from './read-delivery.ts';
import type { ReadDelivery } from './read-delivery.ts';

export interface DeliveryRunnerOptions<Tx> {
  readonly effects: Effects<Tx>;
  readonly handlers: readonly EventHandler<Tx>[];
  readonly lanes: Lanes;
  readonly slots: Slots;
  readonly maxAttempts: number;
  readonly maxDeliveries: number;
  readonly backoff: Backoff;
  readonly isTransient: (error: unknown) => boolean;
  readonly databaseOutage: Outage;
  readonly logger: Logger;
  /** Rung when a delivery is done with. */
  readonly settled: Bell;
  readonly signal: AbortSignal;
}

/** Waits for a database that is away: short enough to go on soon after it is back. */
const transientBackoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/**
 * Handles deliveries: in order for each aggregate, several aggregates at once.
 *
 * A delivery that fails is tried again here, in its lane, instead of by another delivery: so later events of its aggregate wait for it.
 */
export class DeliveryRunner<Tx> {
  readonly #options: DeliveryRunnerOptions<Tx>;
  readonly #held = new Set<Delivery>();

  constructor(options: DeliveryRunnerOptions<Tx>) {
    this.#options = options;
  }

  /** Deliveries that are in work or wait for it. */
  get held(): number {
    return this.#held.size;
  }

  accept(delivery: Delivery): void {
    const { handlers, lanes, settled } = this.#options;
    this.#held.add(delivery);
    const read = readDelivery(handlers, delivery);
    void lanes.run(read.lane, async () => {
      // Telling the stream can fail only when the connection was closed for good: then the message is delivered again.
      await this.#settle(read).catch((error: unknown) => this.#log('error', read, error, 0, 'the stream could not be told about a message'));
      this.#held.delete(delivery);
      settled.ring();
    });
  }

  /** Tells the stream that everything held is still in work. To be called more often than its patience lasts. */
  extendAll(): void {
    for (const delivery of this.#held) delivery.extend();
  }

  async #settle(read: ReadDelivery<Tx>): Promise<void> {
    const { delivery, message } = read;
    const { maxDeliveries } = this.#options;
    if (message instanceof MalformedMessage) return this.#giveUp(read, message, 1);
    if (delivery.deliveries > maxDeliveries) {
      return this.#giveUp(read, new Error(`delivered ${delivery.deliveries} times without an answer: handling it may end the process`), 0);
    }
    for (let failures = 0, outages = 0; ;) {
      const error = await this.#attempt(read);
      if (error === undefined) return;
      if (this.#options.signal.aborted) return delivery.release();
      if (error instanceof MalformedMessage) return this.#giveUp(read, error, failures + 1);
      if (this.#options.isTransient(error)) {
        this.#options.databaseOutage.begins(error);
        await pause(delayAfter(++outages, transientBackoff), this.#options.signal);
      } else {
        if (++failures >= this.#options.maxAttempts) return this.#giveUp(read, error, failures);
        this.#log('warn', read, error, failures, 'a message failed and is tried again');
        await pause(delayAfter(failures, this.#options.backoff), this.#options.signal);
      }
    }
  }

  /** Returns the error of an attempt that failed. */
  #attempt(read: ReadDelivery<Tx>): Promise<unknown> {
    const { effects, slots, signal, databaseOutage } = this.#options;
    return slots.run(async () => {
      if (signal.aborted) return new Error('stopping');
      try {
        if (!(read.message instanceof MalformedMessage)) await handleMessage(effects, read.message);
        read.delivery.acknowledge();
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
    const deadLetter = { ...delivery, consumer: effects.consumer, messageId, error, deliveries: Math.max(1, delivery.deliveries - 1 + attempts) };
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

  #log(level: 'warn' | 'error', { delivery, messageId }: ReadDelivery<Tx>, error: unknown, attempts: number, text: string): void {
    const { type, streamSequence, deliveries } = delivery;
    const { consumer } = this.#options.effects;
    this.#options.logger[level]({ err: error, consumer, messageId, type, streamSequence, deliveries, attempts }, text);
  }
}
