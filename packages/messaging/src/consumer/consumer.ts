import { setMaxListeners } from 'node:events';
import type { NatsConnection } from 'nats';
import { Bell } from '../async/bell.ts';
import { Lanes, Turns } from '../async/queues.ts';
import { delayAfter, pause, waitAtMost } from '../async/wait.ts';
import { isNotFound } from '../broker/api-error.ts';
import { ensureConsumer } from '../broker/ensure-consumer.ts';
import { Follower } from '../confirmation/follower.ts';
import { RecentIds } from '../confirmation/recent-ids.ts';
import { StreamProgress } from '../confirmation/stream-progress.ts';
import { resendChannel } from '../dead-letters/requests.ts';
import { Resender } from '../dead-letters/resender.ts';
import { Outage } from '../outage.ts';
import { listen } from '../postgres/listen.ts';
import { isTransientDatabaseError } from '../postgres/transient.ts';
import { durableName } from '../topology.ts';
import { BatchRunner } from './batch-runner.ts';
import type { Delivery } from './delivery.ts';
import { checkHandlers } from './handlers.ts';
import type { ConsumerOptions } from './options.ts';
import { pull } from './pull.ts';
import { SingleRunner } from './single-runner.ts';
import { matchSubjects } from './subject.ts';

/** How far a consumer is behind its stream, as the broker counts it for all replicas. */
export interface ConsumerLag {
  /** Messages that were not delivered yet. */
  readonly pending: number;
  /** Messages that were delivered and not answered. */
  readonly unanswered: number;
}

/** A running consumer. */
export interface RunningConsumer {
  /** The durable name. */
  readonly name: string;
  /** Asks the broker. @throws Error when it is away, or does not know the consumer */
  readLag(): Promise<ConsumerLag>;
  /** Takes no more messages, finishes those that are being handled, and leaves the rest to other replicas. */
  stop(): Promise<void>;
}

const backoff = { firstMs: 100, maxMs: 5_000 };
const stopTimeoutMs = 10_000;
const resetEveryMs = 60_000;
const lagTimeoutMs = 2_000;

/**
 * Starts to consume. Replicas share the messages. The consumer runs until it is stopped. The broker, the stream and the database may be
 * away at any time.
 *
 * One replica handles the messages of an aggregate in order. Across replicas, and for messages that the broker delivers again, the
 * order may differ. Handlers must tolerate that.
 *
 * @throws TypeError when the handlers do not match the consumer's subjects.
 */
export async function startConsumer<Tx>(options: ConsumerOptions<Tx>): Promise<RunningConsumer> {
  checkHandlers(options.consumer, options.handlers);
  const consumer = new ConsumerLoop(options);
  return { name: durableName(options.consumer), readLag: () => consumer.readLag(), stop: () => consumer.stop() };
}

class ConsumerLoop<Tx> {
  readonly #options: ConsumerOptions<Tx>;
  readonly #runner: BatchRunner<Tx>;
  readonly #resender: Resender<Tx>;
  readonly #isConsumed: (type: string) => boolean;
  readonly #capacity: number;
  readonly #ackWaitMs: number;
  readonly #lanes = new Lanes();
  readonly #settled = new Bell();
  readonly #resendRequested = new Bell();
  readonly #stopping = new AbortController();
  readonly #progress: StreamProgress;
  readonly #follower: Follower<Tx>;
  readonly #outage: Outage;
  readonly #extending: NodeJS.Timeout;
  readonly #running: Promise<unknown>;
  /** Aborts when the durable consumer must be made again. */
  #resetting = new AbortController();
  #resetAt = -Infinity;

  constructor(options: ConsumerOptions<Tx>) {
    this.#options = options;
    this.#progress = new StreamProgress(options.idleAfterMs ?? 5_000);
    const {
      consumer,
      transact,
      sql,
      handlers,
      logger,
      databaseUrl,
      batchSize = 256,
      concurrency = 16,
      gatherMs = 0,
    } = options;
    const name = durableName(consumer);
    this.#isConsumed = matchSubjects(consumer.subjects);
    const { signal } = this.#stopping;
    // Each lane listens to it while its message waits for the database, and Node takes more than ten for a leak.
    setMaxListeners(0, signal);
    const effects = { consumer: name, transact, sql };
    const {
      isTransient = isTransientDatabaseError,
      maxAttempts = 8,
      maxDeliveries = 50,
      backoff: retries = { firstMs: 100, maxMs: 30_000 },
    } = options;
    const databaseOutage = new Outage(logger, `database of ${name}`);
    const shared = { effects, handlers, lanes: this.#lanes, turns: new Turns(), isTransient, logger, signal };
    const singles = new SingleRunner({
      effects,
      maxAttempts,
      maxDeliveries,
      backoff: retries,
      isTransient,
      reportDeadLetter: options.reportDeadLetter,
      databaseOutage,
      logger,
      observer: options.observer,
      signal,
    });
    const irrelevant = new RecentIds(20_000);
    this.#runner = new BatchRunner({
      ...shared,
      observer: options.observer,
      irrelevant,
      singles,
      batchSize,
      gatherMs,
      concurrency,
      databaseOutage,
      settled: this.#settled,
    });
    this.#resender = new Resender(shared);
    this.#follower = new Follower({
      broker: options.broker,
      consumer,
      effects,
      runner: this.#runner,
      progress: this.#progress,
      irrelevant,
      deadAfterMs: options.resetAfterMs ?? 10_000,
      onDeadConsumer: () => this.#reset(),
      logger,
    });
    // The consumer gathers the next batch while it handles one.
    this.#capacity = Math.max(2 * batchSize, 8 * concurrency);
    this.#ackWaitMs = options.ackWaitMs ?? 10_000;
    this.#outage = new Outage(logger, `consuming ${name}`);
    this.#extending = setInterval(() => this.#runner.extendAll(), this.#ackWaitMs / 3);
    const onNotification = (): void => this.#resendRequested.ring();
    this.#running = Promise.all([
      this.#consume(signal),
      this.#resend(signal),
      databaseUrl === undefined
        ? undefined
        : listen({ databaseUrl, channel: resendChannel, onNotification, logger, signal }),
    ]);
  }

  async readLag(): Promise<ConsumerLag> {
    const { broker, consumer } = this.#options;
    const { nats } = broker.link;
    if (nats === null) throw new Error('the broker is away');
    const manager = await nats.jetstreamManager({ checkAPI: false, timeout: lagTimeoutMs });
    const info = await manager.consumers.info(consumer.stream, durableName(consumer));
    return { pending: info.num_pending, unanswered: info.num_ack_pending };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const finished = Promise.all([this.#running, this.#follower.stop()]).then(() => this.#runner.idle());
    await waitAtMost(stopTimeoutMs, finished);
    clearInterval(this.#extending);
    // The last acknowledgements may still be in the client's buffer. Without them another replica would get the messages again.
    const { nats } = this.#options.broker.link;
    if (nats) await waitAtMost(stopTimeoutMs, nats.flush());
  }

  async #consume(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const nats = await this.#options.broker.link.whenUp(signal);
      if (!nats) continue;
      const since = Date.now();
      try {
        await this.#pull(nats, signal);
        failures = 0;
      } catch (error) {
        failures = Date.now() - since > backoff.maxMs ? 1 : failures + 1;
        // The connection itself reports that the broker is away.
        if (this.#options.broker.isConnected()) this.#outage.begins(error, {}, isNotFound(error) ? 'info' : 'warn');
        await pause(delayAfter(failures, backoff), signal);
      }
    }
  }

  async #pull(nats: NatsConnection, signal: AbortSignal): Promise<void> {
    const { broker, consumer: definition, maxAckPending = 1024 } = this.#options;
    const { untilLost } = broker.link;
    const settings = { ackWaitMs: this.#ackWaitMs, maxAckPending };
    const isReset = this.#resetting.signal.aborted;
    const consumer = await ensureConsumer(nats, definition, settings, { isReset });
    if (isReset) this.#resetting = new AbortController();
    this.#outage.ends();
    await pull(consumer, {
      accept: (delivery) => this.#accept(delivery),
      capacity: this.#capacity,
      held: () => this.#runner.held,
      settled: this.#settled,
      connection: untilLost,
      signal: AbortSignal.any([signal, this.#resetting.signal]),
    });
  }

  /** Makes the durable consumer again, once a minute at most. */
  #reset(): void {
    const { logger, observer, consumer } = this.#options;
    if (performance.now() - this.#resetAt < resetEveryMs) return;
    this.#resetAt = performance.now();
    logger.warn({ consumer: durableName(consumer) }, 'the stream delivers nothing, its consumer is made again');
    observer?.recreated({ kind: 'consumer', name: durableName(consumer) });
    this.#resetting.abort();
  }

  #accept(delivery: Delivery): void {
    this.#progress.note(delivery.headers);
    if (this.#isConsumed(delivery.type)) this.#runner.accept(delivery);
    else delivery.acknowledge();
  }

  async #resend(signal: AbortSignal): Promise<void> {
    const { resendPollMs = 30_000, logger } = this.#options;
    const outage = new Outage(logger, `resending dead letters of ${durableName(this.#options.consumer)}`);
    while (!signal.aborted) {
      try {
        await this.#resender.run();
        outage.ends();
      } catch (error) {
        outage.begins(error);
      }
      await this.#resendRequested.wait(resendPollMs, signal);
    }
  }
}
