import type { Logger } from '../logger.ts';
import type { RequestDefinition, Topology } from '../topology.ts';
import { connectOptions } from './connect-options.ts';
import { Link } from './link.ts';
import { request } from './request.ts';
import { Responder } from './responder.ts';
import type { RequestHandler } from './responder.ts';

/** Options of {@link connectBroker}. */
export interface BrokerOptions {
  /** `nats://user:password@host:port`; credentials are optional, and several URLs are separated by commas. */
  readonly url: string;
  /** The service whose connection it is. */
  readonly service: string;
  readonly topology: Topology;
  readonly logger: Logger;
}

/** `disconnected` is also what it is before the first connecting. */
export type BrokerStatus = 'connected' | 'disconnected' | 'closed';

const defaultRequestTimeoutMs = 2_000;

/** A service's connection to the broker, shared by its relay, consumers and requests. */
export class Broker {
  readonly service: string;
  readonly topology: Topology;
  /** For the relay and the consumers. */
  readonly link: Link;
  readonly #logger: Logger;
  readonly #responders: Responder[] = [];

  constructor({ url, service, topology, logger }: BrokerOptions) {
    this.service = service;
    this.topology = topology;
    this.#logger = logger;
    this.link = new Link(connectOptions(url, service), logger);
  }

  isConnected(): boolean {
    return this.link.nats !== null;
  }

  get status(): BrokerStatus {
    if (this.link.isClosed) return 'closed';
    return this.isConnected() ? 'connected' : 'disconnected';
  }

  /** For a health check. @throws Error while the broker cannot be reached. */
  async requireConnected(): Promise<void> {
    if (!this.isConnected()) throw new Error('not connected to the broker');
  }

  /**
   * Asks another service.
   *
   * @param payload Sent as JSON.
   * @param options `timeoutMs`: how long to wait for the answer, 2000 by default.
   * @returns The answer, unchecked.
   * @throws RequestFailed
   */
  request(
    definition: Pick<RequestDefinition, 'subject' | 'responder'>,
    payload: unknown,
    options: { readonly timeoutMs?: number } = {},
  ): Promise<unknown> {
    return request(this.link.nats, definition.subject, payload, options.timeoutMs ?? defaultRequestTimeoutMs);
  }

  /** Answers another service's requests, sharing them with the other replicas of this service, until the broker is closed. */
  respond(definition: Pick<RequestDefinition, 'subject' | 'responder'>, handler: RequestHandler): void {
    this.#responders.push(new Responder(this.link, definition, handler, this.#logger));
  }

  /** Answers what has been asked, sends what is waiting to be sent, and disconnects. Stop relay and consumers before. */
  async close(): Promise<void> {
    await Promise.all(this.#responders.map((responder) => responder.stop()));
    await this.link.close();
  }
}

/**
 * Connects to the broker. That the broker is away is no error: it is connected to in the background, for ever, with back-off.
 *
 * @throws TypeError when the URL is none.
 */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const broker = new Broker(options);
  // A broker that is there is usually connected at once; readiness need not flicker at each start.
  await broker.link.whenUp(AbortSignal.timeout(firstConnectMs));
  return broker;
}

const firstConnectMs = 500;
