import { setImmediate } from 'node:timers/promises';
import { Bell } from '../async/bell.ts';
import { Slots } from '../async/queues.ts';
import type { Lanes, Turns } from '../async/queues.ts';
import { delayAfter, pause } from '../async/wait.ts';
import type { RecentIds } from '../confirmation/recent-ids.ts';
import type { Logger } from '../logger.ts';
import type { MessagingObserver } from '../observer.ts';
import type { Outage } from '../outage.ts';
import type { Delivery } from './delivery.ts';
import { handleMessages, isTheirOwn } from './handle-messages.ts';
import type { Effects } from './handle-messages.ts';
import type { EventHandler } from './handlers.ts';
import { readMessage } from './message.ts';
import { observeMessage } from './observe-message.ts';
import type { DeliveredMessage } from './message.ts';
import { databaseBackoff } from './single-runner.ts';
import type { SingleRunner } from './single-runner.ts';

export interface BatchRunnerOptions<Tx> {
  readonly effects: Effects<Tx>;
  readonly handlers: readonly EventHandler<Tx>[];
  readonly singles: SingleRunner<Tx>;
  readonly lanes: Lanes;
  /** Each batch takes a turn, and so does everything that must not run at the same time as a batch. */
  readonly turns: Turns;
  readonly batchSize: number;
  /** Milliseconds for which messages are gathered, unless they fill a batch. */
  readonly gatherMs: number;
  readonly concurrency: number;
  readonly isTransient: (error: unknown) => boolean;
  readonly databaseOutage: Outage;
  readonly logger: Logger;
  readonly observer?: MessagingObserver | undefined;
  /** Gets the ids of events that have no effect here, and so leave no trace in the database. */
  readonly irrelevant: RecentIds;
  /** The runner rings it when deliveries are answered. */
  readonly settled: Bell;
  readonly signal: AbortSignal;
}

/** A message with more deliveries may have ended the process each time. It must not take other messages with it. */
const maxDeliveriesInBatch = 3;

/**
 * Handles all waiting deliveries in one transaction, in order for each aggregate.
 *
 * When a batch fails, its messages are handled one by one, in a lane for each aggregate. A message that fails again is
 * retried in its lane, without another delivery. Only later events of its aggregate wait for it.
 */
export class BatchRunner<Tx> {
  readonly #options: BatchRunnerOptions<Tx>;
  readonly #slots: Slots;
  /** Deliveries that are not answered yet, with the event's id if it could be read. */
  readonly #held = new Map<Delivery, string | undefined>();
  #waiting: DeliveredMessage<Tx>[] = [];
  /** Rings when the messages that wait fill a batch. */
  readonly #full = new Bell();
  #running: Promise<void> | undefined;
  #limit: number;
  #outages = 0;

  constructor(options: BatchRunnerOptions<Tx>) {
    this.#options = options;
    this.#slots = new Slots(options.concurrency);
    this.#limit = options.batchSize;
  }

  /** Number of deliveries that are not answered yet. */
  get held(): number {
    return this.#held.size;
  }

  /** Ids of the events that are being handled or wait for it. */
  heldIds(): ReadonlySet<string> {
    return new Set([...this.#held.values()].filter((id) => id !== undefined));
  }

  accept(delivery: Delivery): void {
    const message = this.#read(delivery);
    if (!message) return;
    if (!message.isRelevant) {
      this.#options.irrelevant.add(message.event.id);
      observeMessage(this.#options, message, 'irrelevant');
      return delivery.acknowledge();
    }
    this.#held.set(delivery, message.event.id);
    this.#waiting.push(message);
    if (this.#waiting.length >= this.#limit) this.#full.ring();
    this.#running ??= this.#run();
  }

  /** Asks the broker to wait longer for everything that is held. Call it more often than the broker's ack wait. */
  extendAll(): void {
    for (const delivery of this.#held.keys()) delivery.extend();
  }

  /** Resolves once nothing is held. */
  async idle(): Promise<void> {
    await this.#running;
    await this.#options.lanes.idle();
  }

  /** Reads a delivery. One that cannot be read becomes a dead letter at once. */
  #read(delivery: Delivery): DeliveredMessage<Tx> | undefined {
    const { handlers, singles } = this.#options;
    try {
      return { ...readMessage(handlers, delivery), delivery };
    } catch (error) {
      this.#held.set(delivery, undefined);
      this.#runInLane(delivery.fallbackId, delivery, () => singles.giveUpUnread(delivery, error));
      return undefined;
    }
  }

  async #run(): Promise<void> {
    const { gatherMs, signal } = this.#options;
    while (this.#waiting.length > 0) {
      if (gatherMs > 0 && this.#waiting.length < this.#limit) await this.#full.wait(gatherMs, signal);
      // The client hands on the messages that arrived together within one turn of the event loop.
      await setImmediate();
      const batch = this.#takeBatch();
      if (batch.length > 0) await this.#handle(batch);
    }
    this.#running = undefined;
  }

  /**
   * Takes the messages that may share a transaction. Events whose aggregate has an earlier event in a lane follow it there, and events
   * whose aggregate has an earlier event that waits for a later batch wait as well.
   */
  #takeBatch(): DeliveredMessage<Tx>[] {
    const batch: DeliveredMessage<Tx>[] = [];
    const left: DeliveredMessage<Tx>[] = [];
    const inBatch = new Set<string>();
    const inLeft = new Set<string>();
    for (const message of this.#waiting) {
      const aggregate = message.event.subject;
      const isAlone = message.delivery.deliveries > maxDeliveriesInBatch;
      const isFirst = !inBatch.has(aggregate) && !inLeft.has(aggregate);
      if (this.#options.lanes.isBusy(aggregate) || (isAlone && isFirst)) {
        this.#handleAlone(message);
      } else if (isAlone || inLeft.has(aggregate) || batch.length >= this.#limit) {
        left.push(message);
        inLeft.add(aggregate);
      } else {
        batch.push(message);
        inBatch.add(aggregate);
      }
    }
    this.#waiting = left;
    return batch;
  }

  async #handle(batch: readonly DeliveredMessage<Tx>[]): Promise<void> {
    const { turns, effects, isTransient, databaseOutage, batchSize, signal } = this.#options;
    let startedAt = 0;
    try {
      await turns.run(() => {
        signal.throwIfAborted();
        startedAt = performance.now();
        return handleMessages(effects, batch);
      });
    } catch (error) {
      if (signal.aborted) return this.#answer(batch, (delivery) => delivery.release());
      if (!isTransient(error)) return this.#split(batch, error);
      // The batch may have been too large for the transaction's timeout.
      this.#limit = Math.ceil(batch.length / 2);
      // Or one of its messages runs into a timeout each time, and must not hold up all others.
      if (await isTheirOwn(error, effects)) return this.#split(batch, error);
      databaseOutage.begins(error);
      this.#waiting.unshift(...batch);
      await pause(delayAfter(++this.#outages, databaseBackoff), signal);
      return;
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    for (const message of batch) observeMessage(this.#options, message, 'handled', seconds);
    this.#answer(batch, (delivery) => delivery.acknowledge());
    databaseOutage.ends();
    this.#outages = 0;
    this.#limit = Math.min(batchSize, 2 * this.#limit);
  }

  #split(batch: readonly DeliveredMessage<Tx>[], error: unknown): void {
    const { logger, effects } = this.#options;
    if (batch.length > 1) {
      const fields = { err: error, consumer: effects.consumer, messages: batch.length };
      logger.warn(fields, 'a batch failed, its messages are handled one by one');
    }
    // A message that was alone in its batch has failed its first attempt.
    for (const message of batch) this.#handleAlone(message, batch.length === 1 ? error : undefined);
  }

  #handleAlone(message: DeliveredMessage<Tx>, firstError?: unknown): void {
    const { turns, singles } = this.#options;
    const { delivery, event } = message;
    const queue = delivery.deliveries > maxDeliveriesInBatch ? turns : this.#slots;
    this.#runInLane(event.subject, delivery, () => singles.settle(message, queue, firstError));
  }

  #runInLane(lane: string, delivery: Delivery, settle: () => Promise<void>): void {
    void this.#options.lanes.run(lane, async () => {
      await settle();
      this.#held.delete(delivery);
      this.#options.settled.ring();
    });
  }

  #answer(batch: readonly DeliveredMessage<Tx>[], answer: (delivery: Delivery) => void): void {
    const { logger, effects, settled } = this.#options;
    try {
      for (const { delivery } of batch) answer(delivery);
    } catch (error) {
      // Answering fails only when the connection was closed for good. The broker delivers the messages again.
      logger.error({ err: error, consumer: effects.consumer }, 'the messages of a batch could not be answered');
    }
    for (const { delivery } of batch) this.#held.delete(delivery);
    settled.ring();
  }
}
