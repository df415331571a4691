import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { tokenIssuer } from '@shop/contracts';
import type { RawServerDefault } from 'fastify';
import { findContext, type GatewayContext } from '../context.ts';
import type { PreparedDocuments } from '../execution/prepared-documents.ts';
import type { SubgraphClient } from '../execution/transport/subgraph-client.ts';
import type { LiveQueries } from '../live/live-queries.ts';
import type { LiveStream } from '../live/live-stream.ts';
import type { PlannedGateway } from '../planning/planned-gateway.ts';
import type { AnswerPrepared } from '../routes/answer-prepared.ts';
import type { collectStages } from '../stage.ts';
import type { Supergraph } from '../supergraph/index.ts';

export interface ServedGraphParts {
  readonly supergraph: Supergraph;
  readonly pipeline: ReturnType<typeof collectStages>;
  readonly apollo: ApolloServer<GatewayContext>;
  /** The short way. Undefined when Apollo Server answers each request. */
  readonly answerPrepared: AnswerPrepared | undefined;
  /** The subscriptions. Undefined where the gateway serves none. */
  readonly live: Pick<LiveQueries, 'size' | 'close' | 'listLagging'> | undefined;
  readonly documents: Pick<PreparedDocuments, 'state' | 'findType'>;
  readonly plans: PlannedGateway['plans'];
  /** By the name of the subgraph. */
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  readonly isService: (subgraph: string) => boolean;
  /** Frees the thread of the planner and the clients that no other supergraph uses. */
  readonly close: () => Promise<void>;
}

/** One supergraph that is served, with all that depends on it. It is closed when another has replaced it and its last request has ended. */
export class ServedGraph {
  readonly supergraph: Supergraph;
  readonly loadedAt = new Date();
  readonly pipeline: ServedGraphParts['pipeline'];
  readonly apollo: ServedGraphParts['apollo'];
  readonly answerPrepared: ServedGraphParts['answerPrepared'];
  readonly answerByApollo: ReturnType<typeof createApolloHandler>;
  readonly live: ServedGraphParts['live'];
  readonly documents: ServedGraphParts['documents'];
  readonly plans: ServedGraphParts['plans'];
  readonly clients: ServedGraphParts['clients'];
  readonly #parts: ServedGraphParts;
  readonly #streams = new Set<LiveStream>();
  #isRetired = false;
  #inFlight = 0;
  /** Set when it gets no more requests. */
  #onIdle: (() => void) | undefined;

  constructor(parts: ServedGraphParts) {
    this.#parts = parts;
    this.supergraph = parts.supergraph;
    this.pipeline = parts.pipeline;
    this.apollo = parts.apollo;
    this.answerPrepared = parts.answerPrepared;
    this.answerByApollo = createApolloHandler(parts.apollo);
    this.live = parts.live;
    this.documents = parts.documents;
    this.plans = parts.plans;
    this.clients = parts.clients;
  }

  /** The client of the service that issues access tokens, if the supergraph has it. */
  findTokenIssuer(): SubgraphClient | undefined {
    return this.#parts.isService(tokenIssuer) ? this.clients.get(tokenIssuer) : undefined;
  }

  /** True when services of ours resolve a mutation. */
  hasServiceMutation(name: string): boolean {
    const { supergraph, isService } = this.#parts;
    const owners = supergraph.getField(supergraph.getRootType('mutation'), name)?.owners ?? [];
    return owners.length > 0 && owners.every(isService);
  }

  /** Begins a request. {@link leave} ends it. */
  enter(): void {
    this.#inFlight += 1;
  }

  leave(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#onIdle?.();
  }

  /**
   * Keeps a stream of this supergraph, which is ended when another replaces it. The caller is within a request.
   *
   * @returns a function that forgets the stream
   */
  addStream(stream: LiveStream): () => void {
    if (this.#isRetired) stream.end('restart');
    this.#streams.add(stream);
    return () => void this.#streams.delete(stream);
  }

  /** Ends the streams, and closes when the last request has ended. No request may begin after this. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    this.live?.close('restart');
    for (const stream of this.#streams) stream.end('restart');
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.#parts.close();
  }
}

const createApolloHandler = (apollo: ApolloServer<GatewayContext>) =>
  fastifyApolloHandler<GatewayContext, RawServerDefault>(apollo, { context: async (request) => findContext(request) });
