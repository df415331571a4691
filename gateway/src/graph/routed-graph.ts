import { tokenIssuer } from '@shop/contracts';
import type { SubgraphClient } from '../execution/transport/subgraph-client.ts';
import type { Supergraph } from '../supergraph/index.ts';

export interface RoutedGraphParts {
  readonly supergraph: Supergraph;
  /** By the name of the subgraph. */
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  readonly isService: (subgraph: string) => boolean;
  /** Frees the clients that no other supergraph uses. */
  readonly close: () => Promise<void>;
}

/** One supergraph with the clients of its subgraphs. It is closed when another has replaced it and its last request has ended. */
export class RoutedGraph {
  readonly supergraph: Supergraph;
  readonly loadedAt = new Date();
  readonly clients: RoutedGraphParts['clients'];
  protected readonly isService: RoutedGraphParts['isService'];
  readonly #close: RoutedGraphParts['close'];
  #inFlight = 0;
  /** Set when it gets no more requests. */
  #onIdle: (() => void) | undefined;

  constructor({ supergraph, clients, isService, close }: RoutedGraphParts) {
    this.supergraph = supergraph;
    this.clients = clients;
    this.isService = isService;
    this.#close = close;
  }

  /** The client of the service that issues access tokens, if the supergraph has it. */
  findTokenIssuer(): SubgraphClient | undefined {
    return this.isService(tokenIssuer) ? this.clients.get(tokenIssuer) : undefined;
  }

  /** Begins a request. {@link leave} ends it. */
  enter(): void {
    this.#inFlight += 1;
  }

  leave(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#onIdle?.();
  }

  /** Closes when the last request has ended. No request may begin after this. */
  async retire(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.#close();
  }
}
