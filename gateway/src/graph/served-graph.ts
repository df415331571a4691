import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { RawServerDefault } from 'fastify';
import { findContext, type GatewayContext } from '../context.ts';
import type { PreparedDocuments } from '../execution/prepared-documents.ts';
import type { LiveQueries } from '../live/live-queries.ts';
import type { LiveStream } from '../live/live-stream.ts';
import type { PlannedGateway } from '../planning/planned-gateway.ts';
import type { AnswerPrepared } from '../routes/answer-prepared.ts';
import type { collectStages } from '../stage.ts';
import { RoutedGraph, type RoutedGraphParts } from './routed-graph.ts';

export interface ServedGraphParts extends RoutedGraphParts {
  readonly pipeline: ReturnType<typeof collectStages>;
  readonly apollo: ApolloServer<GatewayContext>;
  /** The short way. Undefined when Apollo Server answers each request. */
  readonly answerPrepared: AnswerPrepared | undefined;
  /** The subscriptions. Undefined where the gateway serves none. */
  readonly live: Pick<LiveQueries, 'size' | 'close' | 'listLagging'> | undefined;
  readonly documents: Pick<PreparedDocuments, 'state' | 'findType'>;
  readonly plans: PlannedGateway['plans'];
  /** Also frees the thread of the planner. */
  readonly close: () => Promise<void>;
}

/** One supergraph that the gateway serves, with all that depends on it. */
export class ServedGraph extends RoutedGraph {
  readonly pipeline: ServedGraphParts['pipeline'];
  readonly apollo: ServedGraphParts['apollo'];
  readonly answerPrepared: ServedGraphParts['answerPrepared'];
  readonly answerByApollo: ReturnType<typeof createApolloHandler>;
  readonly live: ServedGraphParts['live'];
  readonly documents: ServedGraphParts['documents'];
  readonly plans: ServedGraphParts['plans'];
  readonly #streams = new Set<LiveStream>();
  #isRetired = false;

  constructor(parts: ServedGraphParts) {
    super(parts);
    this.pipeline = parts.pipeline;
    this.apollo = parts.apollo;
    this.answerPrepared = parts.answerPrepared;
    this.answerByApollo = createApolloHandler(parts.apollo);
    this.live = parts.live;
    this.documents = parts.documents;
    this.plans = parts.plans;
  }

  /** True when services of ours resolve a mutation. */
  hasServiceMutation(name: string): boolean {
    const { supergraph } = this;
    const owners = supergraph.getField(supergraph.getRootType('mutation'), name)?.owners ?? [];
    return owners.length > 0 && owners.every((owner) => this.isService(owner));
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
  override async retire(): Promise<void> {
    this.#isRetired = true;
    this.live?.close('restart');
    for (const stream of this.#streams) stream.end('restart');
    await super.retire();
  }
}

const createApolloHandler = (apollo: ApolloServer<GatewayContext>) =>
  fastifyApolloHandler<GatewayContext, RawServerDefault>(apollo, { context: async (request) => findContext(request) });
