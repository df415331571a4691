import { setImmediate } from 'node:timers/promises';
import { delayAfter } from '../async/backoff.ts';
import type { Bell } from '../async/bell.ts';
import type { Lanes } from '../async/lanes.ts';
import { pause } from '../async/pause.ts';
import { Slots } from '../async/slots.ts';
import type { Turns } from '../async/turns.ts';
import type { Logger } from '../logger.ts';
import type { Outage } from '../outage.ts';
import type { Delivery } from './delivery.ts';
import { handleMessages } from './handle-messages.ts';
import type { Effects } from './handle-messages.ts';
import type { EventHandler } from './handlers.ts';
import { isReadable, readDelivery } from './read-delivery.ts';
import type { ReadableDelivery, ReadDelivery } from './read-delivery.ts';
import { transientBackoff } from './single-runner.ts';
import type { SingleRunner } from './single-runner.ts';

export interface DeliveryRunnerOptions<Tx> {
  readonly effects: Effects<Tx>;
  readonly handlers: readonly EventHandler<Tx>[];
  readonly singles: SingleRunner<Tx>;
  readonly lanes: Lanes;
  /** Taken by each batch, and by whatever must not run beside one. */
  readonly turns: Turns;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly isTransient: (error: unknown) => boolean;
  readonly databaseOutage: Outage;
  readonly logger: Logger;
  /** Rung when deliveries are done with. */
  readonly settled: Bell;
  readonly signal: AbortSignal;
}

/** A message that was delivered more often may be what ended the process each time: it must not take others with it. */
const deliveriesInBatches = 3;

/**
 * Handles deliveries: as many as there are in one transaction, in order for each aggregate.
 *
 * When a batch fails, its deliveries are handled one by one, in a lane for each aggregate. One that fails again is tried again there,
 * instead of by another delivery: so later events of its aggregate wait for it. Nothing else does.
 */
export class DeliveryRunner<Tx> {
  readonly #options: DeliveryRunnerOptions<Tx>;
  readonly #slots: Slots;
  readonly #held = new Set<Delivery>();
  #waiting: ReadDelivery<Tx>[] = [];
  #running: Promise<void> | undefined;
  #limit: number;
  #outages = 0;

  constructor(options: DeliveryRunnerOptions<Tx>) {
    this.#options = options;
    this.#slots = new Slots(options.concurrency);
    this.#limit = options.batchSize;
  }

  /** Deliveries that are in work or wait for it. */
  get held(): number {
    return this.#held.size;
  }

  accept(delivery: Delivery): void {
    const read = readDelivery(this.#options.handlers, delivery);
    if (isReadable(read) && !read.message.isRelevant) return delivery.acknowledge();
    this.#held.add(delivery);
    this.#waiting.push(read);
    this.#running ??= this.#run();
  }

  /** Tells the stream that everything held is still in work. To be called more often than its patience lasts. */
  extendAll(): void {
    for (const delivery of this.#held) delivery.extend();
  }

  /** Resolves once nothing is held. */
  async idle(): Promise<void> {
    await this.#running;
    await this.#options.lanes.idle();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // What arrived together is handled together: the rest of it comes within this turn of the event loop.
      await setImmediate();
      const batch = this.#takeBatch();
      if (batch.length > 0) await this.#handle(batch);
    }
    this.#running = undefined;
  }

  /** Takes what may share a transaction, and sends on its way what may not. Whatever an earlier event of its aggregate waits for waits too. */
  #takeBatch(): ReadableDelivery<Tx>[] {
    const batch: ReadableDelivery<Tx>[] = [];
    const left: ReadDelivery<Tx>[] = [];
    const taken = new Set<string>();
    for (const read of this.#waiting) {
      const isAlone = !isReadable(read) || read.delivery.deliveries > deliveriesInBatches;
      if (this.#options.lanes.isBusy(read.lane) || (isAlone && !taken.has(read.lane))) {
        this.#handleAlone(read);
        continue;
      }
      if (!isAlone && batch.length < this.#limit) batch.push(read);
      else left.push(read);
      taken.add(read.lane);
    }
    this.#waiting = left;
    return batch;
  }

  async #handle(batch: readonly ReadableDelivery<Tx>[]): Promise<void> {
    const { turns, effects, isTransient, databaseOutage, batchSize, signal } = this.#options;
    try {
      await turns.run(() => {
        signal.throwIfAborted();
        return handleMessages(
          effects,
          batch.map(({ message }) => message),
        );
      });
    } catch (error) {
      if (signal.aborted) return this.#finish(batch, (delivery) => delivery.release());
      if (!isTransient(error)) return this.#split(batch, error);
      databaseOutage.begins(error);
      this.#waiting.unshift(...batch);
      // It may have been too much for the time that a transaction has.
      this.#limit = Math.ceil(batch.length / 2);
      await pause(delayAfter(++this.#outages, transientBackoff), signal);
      return;
    }
    this.#finish(batch, (delivery) => delivery.acknowledge());
    databaseOutage.ends();
    this.#outages = 0;
    this.#limit = Math.min(batchSize, 2 * this.#limit);
  }

  #split(batch: readonly ReadableDelivery<Tx>[], error: unknown): void {
    const {
      logger,
      effects: { consumer },
    } = this.#options;
    const isLone = batch.length === 1;
    if (!isLone)
      logger.warn(
        { err: error, consumer, messages: batch.length },
        'a batch failed: its messages are handled one by one',
      );
    for (const read of batch) this.#handleAlone(read, isLone ? error : undefined);
  }

  #handleAlone(read: ReadDelivery<Tx>, firstError?: unknown): void {
    const { lanes, turns, singles, settled } = this.#options;
    const inTurn = read.delivery.deliveries > deliveriesInBatches ? turns : this.#slots;
    void lanes.run(read.lane, async () => {
      await singles.settle(read, (task) => inTurn.run(task), firstError);
      this.#held.delete(read.delivery);
      settled.ring();
    });
  }

  #finish(batch: readonly ReadDelivery<Tx>[], answer: (delivery: Delivery) => void): void {
    try {
      for (const { delivery } of batch) answer(delivery);
    } catch (error) {
      // Only when the connection was closed for good: then the messages are delivered again.
      this.#options.logger.error(
        { err: error, consumer: this.#options.effects.consumer },
        'the stream could not be told about a batch',
      );
    }
    for (const { delivery } of batch) this.#held.delete(delivery);
    this.#options.settled.ring();
  }
}
