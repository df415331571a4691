import type { Logger } from '../logger.ts';
import type { RequestDefinition, Topology } from '../topology.ts';
import { connectOptions } from './connect-options.ts';
import { Link } from './link.ts';
import { request } from './request.ts';
import type { RequestOptions } from './request.ts';
import { Responder } from './responder.ts';
import type { RequestHandler } from './responder.ts';

/** Options of {@link connectBroker}. */
export interface BrokerOptions {
  /** `nats://user:password@host:port`; credentials are optional, and several URLs are separated by commas. */
  readonly url: string;
  /** Name of the service that connects. */
  readonly service: string;
  readonly topology: Topology;
  /** Servers of the broker's cluster that hold each stream of this service, 1 to 5. Default: 1. */
  readonly replicas?: number;
  readonly logger: Logger;
}

/** The status before the first connection is `disconnected`. */
export type BrokerStatus = 'connected' | 'disconnected' | 'closed';

/** The answering of one kind of request. */
export interface Responding {
  /** Takes no more requests, and returns when the pending ones are answered. */
  stop(): Promise<void>;
}

/** A service's connection to the broker. Its relay, consumers and requests share it. */
export class Broker {
  readonly service: string;
  readonly topology: Topology;
  readonly replicas: number;
  /** Internal: for the relay and the consumers. */
  readonly link: Link;
  readonly #logger: Logger;
  readonly #responders: Responder[] = [];

  constructor({ url, service, topology, replicas = 1, logger }: BrokerOptions) {
    this.service = service;
    this.topology = topology;
    this.replicas = replicas;
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

  /** For a health check. @throws Error while the broker is away. */
  async requireConnected(): Promise<void> {
    if (!this.isConnected()) throw new Error('The service is not connected to the broker.');
  }

  /**
   * Asks another service.
   *
   * @param payload Sent as JSON.
   * @returns The unchecked answer.
   * @throws RequestFailed
   */
  request(
    definition: Pick<RequestDefinition, 'subject' | 'responder'>,
    payload: unknown,
    options: RequestOptions = {},
  ): Promise<unknown> {
    return request(this.link, definition.subject, payload, options);
  }

  /**
   * Answers another service's requests until it is stopped or the broker is closed. Replicas of this service share the
   * requests.
   */
  respond(definition: Pick<RequestDefinition, 'subject' | 'responder'>, handler: RequestHandler): Responding {
    const responder = new Responder(this.link, definition, handler, this.#logger);
    this.#responders.push(responder);
    return { stop: () => responder.stop() };
  }

  /** Answers the pending requests, sends buffered messages, and disconnects. Stop relay and consumers first. */
  async close(): Promise<void> {
    await Promise.all(this.#responders.map((responder) => responder.stop()));
    await this.link.close();
  }
}

/**
 * Connects to the broker. An unavailable broker is not an error: the client connects in the background, with backoff
 * and without a limit.
 *
 * @throws TypeError when the URL is invalid.
 */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const broker = new Broker(options);
  // Waits a moment, so that a service whose broker is up does not begin as unready.
  await broker.link.whenUp(AbortSignal.timeout(firstConnectMs));
  return broker;
}

const firstConnectMs = 500;
