import type { NatsConnection } from 'nats';
import type { Pool, PoolClient } from 'pg';
import { Bell } from '../async/bell.ts';
import { delayAfter, pause } from '../async/wait.ts';
import { isUnanswered } from '../broker/api-error.ts';
import type { Broker } from '../broker/broker.ts';
import { defaultMaxAgeMs, ensureStream, markRefilled } from '../broker/ensure-stream.ts';
import type { StreamState } from '../broker/ensure-stream.ts';
import type { Logger } from '../logger.ts';
import { countPendingEvents } from '../outbox/append.ts';
import { Outage } from '../outage.ts';
import { listen } from '../postgres/listen.ts';
import { createSmallPool, fromPg, pgTransact } from '../sql.ts';
import type { Transact } from '../sql.ts';
import { inboxPrefix } from '../topology.ts';
import type { StreamDefinition } from '../topology.ts';
import { beginBatch, beginVerifying, requeueLost } from './outbox-rows.ts';
import { Publisher } from './publisher.ts';
import { relayBatch } from './relay-batch.ts';
import type { BatchResult, Publish } from './relay-batch.ts';

/** Options of {@link startRelay}. */
export interface RelayOptions {
  /** URL of the database that has the outbox. */
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly stream: StreamDefinition;
  readonly logger: Logger;
  /** Maximum number of rows in a batch. Default: 256. */
  readonly batchSize?: number;
  /** Milliseconds between polls of the outbox when no notification comes. Default: 1000. */
  readonly pollMs?: number;
  /** Milliseconds to wait for the broker's acknowledgement. Default: 5000. */
  readonly publishTimeoutMs?: number;
  /** Milliseconds between comparisons of the stream with the outbox, while the connection stays up. Default: 15000. */
  readonly verifyMs?: number;
}

/** A running relay. */
export interface Relay {
  /** Finishes the current batch and closes the relay's database connections. */
  stop(): Promise<void>;
}

const backoff = { firstMs: 100, maxMs: 5_000 };
/** Wait for rows that another replica has locked. They are free as soon as its batch is done. */
const lockedRowsMs = 50;

/**
 * Starts to publish the events in the outbox. Replicas share the work. The relay runs until it is stopped. The broker and the database
 * may be away at any time.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const relay = new RunningRelay(options);
  return { stop: () => relay.stop() };
}

class RunningRelay {
  readonly #options: RelayOptions;
  readonly #pool: Pool;
  readonly #transactBatch: Transact<PoolClient>;
  readonly #transactVerification: Transact<PoolClient>;
  readonly #bell = new Bell();
  readonly #stopping = new AbortController();
  readonly #outage: Outage;
  readonly #running: Promise<unknown>;
  #verified: { stream: StreamState; generation: number; at: number } | undefined;
  #failures = 0;
  #stopped: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { databaseUrl, stream, logger } = options;
    this.#pool = createSmallPool(databaseUrl, `relay-${stream.name}`, logger);
    this.#transactBatch = pgTransact(this.#pool, beginBatch);
    this.#transactVerification = pgTransact(this.#pool, beginVerifying);
    this.#outage = new Outage(logger, `publishing to ${stream.name}`);
    const signal = this.#stopping.signal;
    this.#running = Promise.all([
      this.#run(signal),
      listen({ databaseUrl, channel: 'outbox', onNotification: () => this.#bell.ring(), logger, signal }),
    ]);
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopped ??= this.#running.then(() => this.#pool.end());
    return this.#stopped;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const nats = await this.#options.broker.link.whenUp(signal);
      if (!nats) continue;
      try {
        await this.#rest(await this.#round(nats), signal);
      } catch (error) {
        this.#failures += 1;
        this.#report(error);
        await pause(delayAfter(this.#failures, backoff), signal);
      }
    }
  }

  async #round(nats: NatsConnection): Promise<BatchResult> {
    // Taken first, so that a connection that is lost in the meantime is noticed.
    const { untilLost } = this.#options.broker.link;
    return this.#publish(nats, await this.#verify(nats), untilLost);
  }

  /** Ensures the stream and requeues the events that it lost, before anything is published to it. */
  async #verify(nats: NatsConnection): Promise<StreamState> {
    const { broker, stream: definition, logger, verifyMs = 15_000 } = this.#options;
    const { generation } = broker.link;
    const known = this.#verified;
    if (known?.generation === generation && Date.now() - known.at < verifyMs) return known.stream;
    const { stream, lost } = await this.#transactVerification(async (client) => {
      const state = await ensureStream(nats, definition);
      const count = await requeueLost(fromPg(client), state, definition.maxAgeMs ?? defaultMaxAgeMs);
      if (count > 0) await markRefilled(nats, definition);
      return { stream: state, lost: count };
    });
    this.#reportLost(lost);
    if (known?.generation !== generation) {
      logger.info({ stream: definition.name, pending: await countPendingEvents(fromPg(this.#pool)) }, 'relay ready');
    }
    this.#verified = { stream, generation, at: Date.now() };
    return stream;
  }

  async #publish(nats: NatsConnection, stream: StreamState, connection: AbortSignal): Promise<BatchResult> {
    const { broker, stream: definition, batchSize: size = 256, publishTimeoutMs: timeoutMs = 5_000 } = this.#options;
    const publisher = new Publisher({
      nats,
      connection,
      inboxPrefix: inboxPrefix(broker.service),
      stream: definition.name,
      timeoutMs,
    });
    const publish: Publish = (event) => publisher.publish(event);
    const maxAgeMs = definition.maxAgeMs ?? defaultMaxAgeMs;
    const onLost = (): Promise<void> => markRefilled(nats, definition);
    try {
      const options = { publish, stream, maxAgeMs, onLost, size };
      const result = await this.#transactBatch((client) => relayBatch(fromPg(client), options));
      this.#reportLost(result.lost);
      this.#remember(stream, result);
      return result;
    } finally {
      publisher.close();
    }
  }

  /** Keeps the stream's state for the next batch, unless the stream is missing or has lost messages and must be checked again. */
  #remember(stream: StreamState, { lastSequence, lost, errors }: BatchResult): void {
    if (lost > 0 || errors.some(isUnanswered)) this.#verified = undefined;
    else if (this.#verified) this.#verified = { ...this.#verified, stream: { ...stream, lastSequence } };
  }

  /** Waits until the next batch is due. */
  async #rest(result: BatchResult, signal: AbortSignal): Promise<void> {
    const { batchSize = 256, pollMs = 1_000 } = this.#options;
    const { published, taken, ready, errors } = result;
    if (errors.length > 0) {
      this.#failures += 1;
      this.#report(errors[0], { aggregates: errors.length });
      const wait = delayAfter(this.#failures, backoff);
      // After a partial success, a new event may be published at once. After none, retrying at each notification would be a busy loop.
      if (published > 0) await this.#bell.wait(wait, signal);
      else await pause(wait, signal);
      return;
    }
    if (this.#failures > 0) this.#outage.ends();
    this.#failures = 0;
    if (taken < batchSize || ready === 0) await this.#bell.wait(ready < taken ? lockedRowsMs : pollMs, signal);
  }

  #reportLost(lost: number): void {
    const { stream, logger } = this.#options;
    if (lost > 0) logger.warn({ stream: stream.name, lost }, 'the broker lost events, publishing them again');
  }

  /** Reports a failure. The connection itself reports that the broker is away. */
  #report(error: unknown, fields: object = {}): void {
    if (this.#options.broker.isConnected()) this.#outage.begins(error, fields);
  }
}
