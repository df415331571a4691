import type { InternalTokenSigner } from '@shop/process';
import { SignedCalls } from '../execution/transport/signed-calls.ts';
import type { SubgraphClient } from '../execution/transport/subgraph-client.ts';
import type { Subgraph } from '../find-subgraphs.ts';
import { RoutedGraph, type RoutedGraphParts } from '../graph/routed-graph.ts';

/** A subgraph that gets signed calls. */
export interface SignedSubgraph {
  readonly client: SubgraphClient;
  readonly calls: SignedCalls;
}

export interface SigningGraphParts extends RoutedGraphParts {
  /** By name. */
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
  readonly signer: InternalTokenSigner;
}

/** One supergraph whose subgraphs get signed calls. */
export class SigningGraph extends RoutedGraph {
  readonly subgraphs: SigningGraphParts['subgraphs'];
  readonly #signed: ReadonlyMap<string, SignedSubgraph>;

  constructor(parts: SigningGraphParts) {
    super(parts);
    const { clients, signer } = parts;
    this.subgraphs = parts.subgraphs;
    this.#signed = new Map(
      [...clients].map(([name, client]) => [name, { client, calls: new SignedCalls({ client, signer }) }]),
    );
  }

  /** Undefined when the supergraph has no subgraph of that name. */
  findSubgraph(name: string): SignedSubgraph | undefined {
    return this.#signed.get(name);
  }
}
