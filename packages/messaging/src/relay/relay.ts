import { setMaxListeners } from 'node:events';
import type { NatsConnection } from 'nats';
import type { Pool, PoolClient } from 'pg';
import { Bell } from '../async/bell.ts';
import { delayAfter, pause } from '../async/wait.ts';
import { isUnanswered, isUnserved } from '../broker/api-error.ts';
import type { Broker } from '../broker/broker.ts';
import { ensureStream, recreateStream } from '../broker/ensure-stream.ts';
import { Confirmer } from '../confirmation/confirmer.ts';
import { SettledHorizon } from '../confirmation/horizon.ts';
import type { Logger } from '../logger.ts';
import type { MessagingObserver } from '../observer.ts';
import { countPendingEvents, hasPendingEvents } from '../outbox/append.ts';
import { Outage } from '../outage.ts';
import { listen } from '../postgres/listen.ts';
import { StatementNames } from '../postgres/statement-names.ts';
import { createSmallPool, fromPg, isPooled, pgTransact } from '../sql.ts';
import type { Transact } from '../sql.ts';
import { inboxPrefix } from '../topology.ts';
import type { ConsumerDefinition, StreamDefinition } from '../topology.ts';
import { Publisher } from './publisher.ts';
import { relayBatch } from './relay-batch.ts';
import type { BatchResult } from './relay-batch.ts';

/** Options of {@link startRelay}. */
export interface RelayOptions {
  /** URL of the database that has the outbox. */
  readonly databaseUrl: string;
  /** URL of the same database for the connection that listens, past a pooler. Default: `databaseUrl`. */
  readonly listenUrl?: string;
  /** The name that PostgreSQL shows for that connection. Default: `listen-outbox`. */
  readonly listenName?: string;
  readonly broker: Broker;
  readonly stream: StreamDefinition;
  readonly logger: Logger;
  /** Default: none. */
  readonly observer?: MessagingObserver;
  /** Maximum number of rows in a batch. Default: 256. */
  readonly batchSize?: number;
  /**
   * Milliseconds until the outbox is polled when no notification comes. Default: 1000. Each poll that finds nothing
   * doubles it, up to eight times as long.
   */
  readonly pollMs?: number;
  /** Milliseconds to wait for the broker's acknowledgement. Default: 5000. */
  readonly publishTimeoutMs?: number;
  /** Milliseconds between checks that the stream exists, while the connection stays up. Default: 15000. */
  readonly verifyMs?: number;
  /**
   * Milliseconds after its commit at which the stream has had time to deliver an event. Then the relay asks the
   * followers whether they have it. Default: 10000.
   */
  readonly confirmAfterMs?: number;
  /** Milliseconds between these questions. Default: 2000. */
  readonly confirmEveryMs?: number;
  /**
   * Milliseconds for which the stream may deliver nothing that it acknowledges, before it is made again. Default: 45000,
   * so that followers have made their consumers again before.
   */
  readonly recreateAfterMs?: number;
}

/** A running relay. */
export interface Relay {
  /** For a health check. @throws Error that names both numbers, while the stream has another number of replicas than wanted */
  requireReplicated(): Promise<void>;
  /** Finishes the current batch and closes the relay's database connections. */
  stop(): Promise<void>;
}

const backoff = { firstMs: 100, maxMs: 5_000 };
/** Wait for rows that another replica has locked. They are free as soon as its batch is done. */
const lockedRowsMs = 50;

/** How often polls that find nothing double the time until the next. */
const mostDoublings = 3;

/** A stream that was found dead is not made again before. */
const recreateEveryMs = 5 * 60_000;
const nothing: BatchResult = { published: 0, taken: 0, ready: 0, errors: [] };

/**
 * Starts to publish the events in the outbox, and to make sure that each follower has them: those that the stream does
 * not deliver are handed over to it. The followers are the stream's consumers in the broker's topology. Replicas share
 * the work. The relay runs until it is stopped. The broker and the database may be away at any time.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const relay = new RunningRelay(options);
  return { requireReplicated: () => relay.requireReplicated(), stop: () => relay.stop() };
}

/** Connections of a relay's pool: one for the batch, one for each follower's comparison. The one that listens is another. */
export function countRelayConnections(followers: number): number {
  return 1 + Math.max(1, followers);
}

class RunningRelay {
  readonly #options: RelayOptions;
  readonly #pool: Pool;
  readonly #names: StatementNames | undefined;
  readonly #transact: Transact<PoolClient>;
  readonly #bell = new Bell();
  readonly #stopping = new AbortController();
  readonly #outage: Outage;
  readonly #replication: Outage;
  readonly #running: Promise<unknown>;
  #ensured: { generation: number; at: number } | undefined;
  #missingReplicas: Error | null = null;
  #recreatedAt = -Infinity;
  #failures = 0;
  /** Polls in a row that found nothing. */
  #quietPolls = 0;
  #stopped: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { databaseUrl, listenUrl = databaseUrl, listenName, stream, broker, logger } = options;
    const followers = broker.topology.consumers.filter((consumer) => consumer.stream === stream.name);
    this.#pool = createSmallPool(databaseUrl, `relay-${stream.name}`, logger, countRelayConnections(followers.length));
    this.#names = isPooled(databaseUrl) ? undefined : new StatementNames();
    this.#transact = pgTransact(this.#pool);
    this.#outage = new Outage(logger, `publishing to ${stream.name}`);
    this.#replication = new Outage(logger, `replication of ${stream.name}`);
    const signal = this.#stopping.signal;
    // Each follower has a confirmer that listens to it, and Node takes more than ten listeners for a leak.
    setMaxListeners(0, signal);
    this.#running = Promise.all([
      this.#run(signal),
      ...this.#createConfirmers(followers).map((confirmer) => confirmer.run(signal)),
      listen({
        databaseUrl: listenUrl,
        applicationName: listenName,
        channel: 'outbox',
        onNotification: () => this.#bell.ring(),
        logger,
        signal,
      }),
    ]);
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopped ??= this.#running.then(() => this.#pool.end());
    return this.#stopped;
  }

  async requireReplicated(): Promise<void> {
    if (this.#missingReplicas !== null) throw this.#missingReplicas;
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

  #createConfirmers(followers: readonly ConsumerDefinition[]): Confirmer[] {
    const { broker, logger, observer } = this.#options;
    const { confirmAfterMs = 10_000, confirmEveryMs = 2_000, recreateAfterMs = 45_000 } = this.#options;
    const horizon = new SettledHorizon(fromPg(this.#pool), confirmAfterMs);
    const onDeadStream = (): Promise<void> => this.#recreateStream();
    const shared = { pool: this.#pool, broker, horizon, logger, observer, onDeadStream };
    const times = { everyMs: confirmEveryMs, deadAfterMs: recreateAfterMs };
    return followers.map((consumer) => new Confirmer({ ...shared, ...times, consumer }));
  }

  async #round(nats: NatsConnection): Promise<BatchResult> {
    // Taken first, so that a connection that is lost in the meantime is noticed.
    const { untilLost } = this.#options.broker.link;
    await this.#ensureStream(nats);
    return this.#publish(nats, untilLost);
  }

  async #ensureStream(nats: NatsConnection): Promise<void> {
    const { broker, stream, logger, verifyMs = 15_000 } = this.#options;
    const { generation } = broker.link;
    const known = this.#ensured;
    if (known?.generation === generation && performance.now() - known.at < verifyMs) return;
    this.#missingReplicas = await ensureStream(nats, stream, broker.replicas).catch((error: unknown) => {
      broker.link.noteService(!isUnserved(error));
      throw error;
    });
    broker.link.noteService(true);
    if (this.#missingReplicas === null) this.#replication.ends();
    else this.#replication.begins(this.#missingReplicas);
    if (known?.generation !== generation) {
      // A pause ends with the connection, so that the stream is looked for as soon as there is another.
      broker.link.untilLost.addEventListener('abort', () => this.#bell.ring(), { once: true });
      logger.info({ stream: stream.name, pending: await countPendingEvents(fromPg(this.#pool)) }, 'relay ready');
    }
    this.#ensured = { generation, at: performance.now() };
  }

  async #recreateStream(): Promise<void> {
    const { broker, stream, logger, observer } = this.#options;
    const { nats } = broker.link;
    if (!nats || performance.now() - this.#recreatedAt < recreateEveryMs) return;
    this.#recreatedAt = performance.now();
    logger.warn({ stream: stream.name }, 'the stream delivers nothing that it acknowledged, it is made again');
    await recreateStream(nats, stream, broker.replicas);
    observer?.recreated({ kind: 'stream', name: stream.name });
  }

  async #publish(nats: NatsConnection, connection: AbortSignal): Promise<BatchResult> {
    // A poll that finds nothing, as nearly all do, needs no transaction.
    if (this.#quietPolls > 0 && !(await hasPendingEvents(fromPg(this.#pool)))) return nothing;
    const { broker, stream, batchSize: size = 256, publishTimeoutMs: timeoutMs = 5_000 } = this.#options;
    let publisher: Publisher | undefined;
    const openPublisher = (): Publisher =>
      new Publisher({
        nats,
        connection,
        inboxPrefix: inboxPrefix(broker.service),
        stream: stream.name,
        timeoutMs,
      });
    try {
      const result = await this.#transact((client) =>
        relayBatch(fromPg(client, this.#names), (event) => (publisher ??= openPublisher()).publish(event), size),
      );
      if (result.errors.some(isUnanswered)) this.#ensured = undefined;
      if (result.errors.length > 0) broker.link.noteService(!result.errors.some(isUnserved));
      const { published: events, errors } = result;
      this.#options.observer?.published({ stream: stream.name, events, failures: errors.length });
      return result;
    } finally {
      publisher?.close();
    }
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
    this.#quietPolls = taken === 0 ? this.#quietPolls + 1 : 0;
    if (taken === batchSize && ready > 0) return;
    const quietMs = pollMs * 2 ** Math.min(Math.max(this.#quietPolls - 1, 0), mostDoublings);
    const hasRung = await this.#bell.wait(ready < taken ? lockedRowsMs : quietMs, signal);
    if (hasRung) this.#quietPolls = 0;
  }

  /** Reports a failure. The connection itself reports that the broker is away. */
  #report(error: unknown, fields: object = {}): void {
    if (this.#options.broker.isConnected()) this.#outage.begins(error, fields);
  }
}
