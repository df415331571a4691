import type { NatsConnection } from 'nats';
import type { Pool } from 'pg';
import { delayAfter } from '../async/backoff.ts';
import { Bell } from '../async/bell.ts';
import { pause } from '../async/pause.ts';
import { isUnanswered } from '../broker/api-error.ts';
import type { Broker } from '../broker/broker.ts';
import { defaultMaxAgeMs, ensureStream, markRefilled } from '../broker/ensure-stream.ts';
import type { StreamState } from '../broker/ensure-stream.ts';
import type { Logger } from '../logger.ts';
import { countPendingEvents } from '../outbox/count-pending.ts';
import { Outage } from '../outage.ts';
import { listen } from '../postgres/listen.ts';
import { smallPool } from '../postgres/pool.ts';
import { fromPg, pgTransact } from '../sql.ts';
import { inboxPrefix } from '../topology.ts';
import type { StreamDefinition } from '../topology.ts';
import { relayBatch } from './relay-batch.ts';
import type { BatchResult } from './relay-batch.ts';
import type { Publish } from './publish-batch.ts';
import { Publisher } from './publisher.ts';
import { beginBatch, beginVerifying } from './relay-lock.ts';
import { requeueLost } from './requeue-lost.ts';

/** Options of {@link startRelay}. */
export interface RelayOptions {
  /** The database that has the outbox. */
  readonly databaseUrl: string;
  readonly broker: Broker;
  readonly stream: StreamDefinition;
  readonly logger: Logger;
  /** Rows that are published at a time. Default 256. */
  readonly batchSize?: number;
  /** How often the outbox is looked at without a notification, in milliseconds. Default 1000. */
  readonly pollMs?: number;
  /** How long to wait for the broker's acknowledgement, in milliseconds. Default 5000. */
  readonly publishTimeoutMs?: number;
  /** How often the stream is compared with what it promised while the connection stays up, in milliseconds. Default 15000. */
  readonly verifyMs?: number;
}

/** A running relay. */
export interface Relay {
  /** Finishes the batch at hand, and closes the relay's database connections. */
  stop(): Promise<void>;
}

const backoff = { firstMs: 100, maxMs: 5_000 };
/** Rows that wait for another replica's batch are free again as soon as that is done. */
const elsewhereMs = 50;

/** Starts to publish what stands in the outbox. Any number of replicas may. It runs until stopped: neither broker nor database need be there. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const relay = new RunningRelay(options);
  return { stop: () => relay.stop() };
}

class RunningRelay {
  readonly #options: RelayOptions;
  readonly #pool: Pool;
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
    this.#pool = smallPool(databaseUrl, `relay-${stream.name}`, logger);
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
    // Asked for first: a connection that is lost in the meantime is noticed.
    const { untilLost } = this.#options.broker.link;
    return this.#publish(nats, await this.#verify(nats), untilLost);
  }

  /** Makes sure of the stream, and queues again what it lost, before anything is published to it. */
  async #verify(nats: NatsConnection): Promise<StreamState> {
    const { broker, stream: definition, logger, verifyMs = 15_000 } = this.#options;
    const { generation } = broker.link;
    const known = this.#verified;
    if (known?.generation === generation && Date.now() - known.at < verifyMs) return known.stream;
    const { stream, lost } = await pgTransact(
      this.#pool,
      beginVerifying,
    )(async (client) => {
      const state = await ensureStream(nats, definition);
      const count = await requeueLost(fromPg(client), state, definition.maxAgeMs ?? defaultMaxAgeMs);
      if (count > 0) await markRefilled(nats, definition);
      return { stream: state, lost: count };
    });
    if (lost > 0) logger.warn({ stream: definition.name, lost }, 'the broker lost events: they are published again');
    if (known?.generation !== generation) {
      logger.info({ stream: definition.name, pending: await countPendingEvents(fromPg(this.#pool)) }, 'relay ready');
    }
    this.#verified = { stream, generation, at: Date.now() };
    return stream;
  }

  async #publish(nats: NatsConnection, stream: StreamState, connection: AbortSignal): Promise<BatchResult> {
    const {
      broker,
      stream: definition,
      batchSize: size = 256,
      publishTimeoutMs: timeoutMs = 5_000,
      logger,
    } = this.#options;
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
    const result = await pgTransact(
      this.#pool,
      beginBatch,
    )((client) => relayBatch(fromPg(client), { publish, stream, maxAgeMs, onLost, size })).finally(() =>
      publisher.close(),
    );
    if (result.lost > 0)
      logger.warn({ stream: definition.name, lost: result.lost }, 'the broker lost events: they are published again');
    this.#learn(stream, result);
    return result;
  }

  /** The stream must be looked at again when it is not there, or not the one that it was. */
  #learn(stream: StreamState, { lastSequence, lost, errors }: BatchResult): void {
    if (lost > 0 || errors.some(isUnanswered)) this.#verified = undefined;
    else if (this.#verified) this.#verified = { ...this.#verified, stream: { ...stream, lastSequence } };
  }

  /** Waits as long as the last batch allows. */
  async #rest(result: BatchResult, signal: AbortSignal): Promise<void> {
    const { batchSize = 256, pollMs = 1_000 } = this.#options;
    const { published, taken, ready, errors } = result;
    if (errors.length > 0) {
      this.#failures += 1;
      this.#report(errors[0], { aggregates: errors.length });
      const wait = delayAfter(this.#failures, backoff);
      // Some got through: new events may as well. None did: trying at each notification would be a busy loop.
      if (published > 0) await this.#bell.wait(wait, signal);
      else await pause(wait, signal);
      return;
    }
    if (this.#failures > 0) this.#outage.ends();
    this.#failures = 0;
    if (taken < batchSize || ready === 0) await this.#bell.wait(ready < taken ? elsewhereMs : pollMs, signal);
  }

  /** That the broker is away is reported by the connection, once. */
  #report(error: unknown, fields: object = {}): void {
    if (this.#options.broker.isConnected()) this.#outage.begins(error, fields);
  }
}
