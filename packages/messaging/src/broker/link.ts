import { connect } from 'nats';
import type { ConnectionOptions, NatsConnection, Status } from 'nats';
import { delayAfter, pause, waitAtMost } from '../async/wait.ts';
import type { Logger } from '../logger.ts';
import { Outage } from '../outage.ts';
import { findServerRisk } from './server-risk.ts';

const reconnecting = { firstMs: 100, maxMs: 2_000 };
const drainTimeoutMs = 5_000;
/** How long a server may be of no use. An election in the cluster takes up to 9 s. Each change to another one doubles it. */
const unserved = { firstMs: 10_000, maxMs: 60_000 };

/** A connection to the broker. It is made in the background, and made again whenever it breaks, until it is closed. */
export class Link {
  readonly #options: ConnectionOptions;
  readonly #logger: Logger;
  readonly #outage: Outage;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<(nats: NatsConnection | null) => void>();
  readonly #running: Promise<void>;
  #nats: NatsConnection | null = null;
  #current: NatsConnection | undefined;
  #failures = 0;
  #generation = 0;
  #lost = new AbortController();
  #warnedOf = '';
  #unservedSince: number | undefined;
  #patienceMs = unserved.firstMs;

  constructor(options: ConnectionOptions, logger: Logger) {
    this.#options = { ...options, reconnectDelayHandler: () => delayAfter(++this.#failures, reconnecting) };
    this.#logger = logger;
    this.#outage = new Outage(logger, 'connection to the broker');
    this.#running = this.#run();
  }

  /** The connection while it is up, otherwise null. */
  get nats(): NatsConnection | null {
    return this.#nats;
  }

  /** Counts the connections. After each new one, the broker may be a different one or may have lost data. */
  get generation(): number {
    return this.#generation;
  }

  /** Aborts when the current connection is lost. */
  get untilLost(): AbortSignal {
    return this.#lost.signal;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Resolves to the connection as soon as it is up, or to null once the signal aborts or the link is closed. */
  whenUp(signal: AbortSignal): Promise<NatsConnection | null> {
    if (this.#nats || signal.aborted || this.isClosed) return Promise.resolve(this.#nats);
    return new Promise((resolve) => {
      const end = (nats: NatsConnection | null): void => {
        stopWatching();
        signal.removeEventListener('abort', onAbort);
        resolve(nats);
      };
      const onAbort = (): void => end(null);
      const stopWatching = this.watch((nats) => {
        if (nats || this.isClosed) end(nats);
      });
      signal.addEventListener('abort', onAbort);
    });
  }

  /** Calls the listener with the connection when it comes up, and with null when it is lost. Returns a function that stops this. */
  watch(listener: (nats: NatsConnection | null) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Notes an outcome of work for which the server needs its cluster. A server that is cut off from the others keeps its
   * clients and can do nothing for them: after 10 s of failures, the link goes to another server, if there is one.
   */
  noteService(isServed: boolean): void {
    const now = performance.now();
    const since = (this.#unservedSince ??= now);
    if (isServed) {
      this.#unservedSince = undefined;
      this.#patienceMs = unserved.firstMs;
      return;
    }
    if (!this.#nats || now - since < this.#patienceMs) return;
    this.#unservedSince = undefined;
    this.#patienceMs = Math.min(2 * this.#patienceMs, unserved.maxMs);
    if (countServers(this.#nats, this.#options) === 1) return;
    const server = this.#nats.getServer();
    this.#logger.warn(
      { server },
      'the server of the broker seems to be cut off from its cluster, another one is tried',
    );
    // It rejects when the connection is closed in the meantime.
    this.#nats.reconnect().catch(() => {});
  }

  /** Sends buffered messages, handles received ones, and closes. */
  async close(): Promise<void> {
    const nats = this.#nats;
    this.#closing.abort();
    this.#set(null);
    // Draining waits for an answer of the broker, which may be away.
    if (nats) await waitAtMost(drainTimeoutMs, nats.drain());
    await this.#current?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.isClosed) {
      try {
        const nats = await connect(this.#options);
        this.#current = nats;
        if (this.isClosed) return await nats.close();
        this.#onUp(nats);
        void this.#follow(nats);
        this.#onDown(await nats.closed());
      } catch (error) {
        this.#onDown(error);
        await pause(delayAfter(++this.#failures, reconnecting), this.#closing.signal);
      }
    }
  }

  /** Follows the connection's status. The client never ends this iteration, so nothing may wait for it. */
  async #follow(nats: NatsConnection): Promise<void> {
    for await (const status of nats.status()) this.#onStatus(status, nats);
  }

  #onStatus(status: Status, nats: NatsConnection): void {
    if (status.type === 'reconnect') this.#onUp(nats);
    else if (status.type === 'disconnect') this.#onDown(new Error(`disconnected from ${String(status.data)}`));
    else if (status.type === 'error') {
      const permission = status.permissionContext;
      const denied = permission ? `: ${permission.operation} to ${permission.subject}` : '';
      this.#logger.error(
        { code: status.data, ...permission },
        `the broker refused${denied || ` (${String(status.data)})`}`,
      );
    } else if (status.type === 'ldm') this.#logger.warn({}, 'the broker asks its clients to connect to another server');
  }

  #onUp(nats: NatsConnection): void {
    if (this.isClosed) return;
    this.#failures = 0;
    this.#generation += 1;
    this.#outage.ends({ server: nats.getServer() });
    this.#logger.debug({ server: nats.getServer(), version: nats.info?.version }, 'connected to the broker');
    this.#warnOf(nats.info?.version ?? '');
    this.#set(nats);
  }

  #warnOf(version: string): void {
    const risk = findServerRisk(version);
    if (risk !== undefined && version !== this.#warnedOf)
      this.#logger.warn({ version }, `nats-server ${version} ${risk}`);
    this.#warnedOf = version;
  }

  #onDown(error: unknown): void {
    if (this.isClosed) return;
    this.#unservedSince = undefined;
    this.#outage.begins(error ?? new Error('the connection was closed'));
    this.#set(null);
  }

  #set(nats: NatsConnection | null): void {
    this.#nats = nats;
    this.#lost.abort();
    this.#lost = new AbortController();
    for (const listener of [...this.#listeners]) listener(nats);
  }
}

/** The servers that are configured, or those that the server has named. */
function countServers({ info }: NatsConnection, { servers = [] }: ConnectionOptions): number {
  return Math.max([servers].flat().length, info?.connect_urls?.length ?? 1);
}
