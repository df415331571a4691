import type { Logger } from '@shop/process';
import type { Supergraph } from '../supergraph/index.ts';
import type { RoutedGraph } from './routed-graph.ts';
import type { ServedGraph } from './served-graph.ts';

/** Makes all that depends on a supergraph. @param previous the one that is served now. Undefined for the first one. */
export type Serve<Graph> = (supergraph: Supergraph, previous: Graph | undefined) => Promise<Graph>;

/** The supergraph that is served, and those before it that still have requests. The signing proxy has them too, with other graphs. */
export class ServedGraphs<Graph extends RoutedGraph = ServedGraph> {
  readonly #serve: Serve<Graph>;
  readonly #logger: Logger;
  readonly #retiring = new Set<Promise<void>>();
  #current: Graph | undefined;
  #isClosed = false;

  constructor(serve: Serve<Graph>, logger: Logger) {
    this.#serve = serve;
    this.#logger = logger;
  }

  /** @throws Error before the first supergraph is served */
  get current(): Graph {
    if (this.#current === undefined) throw new Error('No supergraph is served yet.');
    return this.#current;
  }

  /** How many supergraphs take memory: more than one while requests of an earlier one are in flight. */
  get size(): number {
    return this.#retiring.size + (this.#current === undefined ? 0 : 1);
  }

  /** Begins a request on the current supergraph. The caller calls `leave` of the result when the request has been answered. */
  enter(): Graph {
    const graph = this.current;
    graph.enter();
    return graph;
  }

  /**
   * Serves another supergraph, or the first one. Requests in flight finish on the one before.
   *
   * @throws Error that says why the supergraph cannot be served. Then nothing changes.
   */
  async replace(supergraph: Supergraph): Promise<void> {
    const next = await this.#serve(supergraph, this.#current);
    if (this.#isClosed) return next.retire();
    const previous = this.#current;
    this.#current = next;
    if (previous !== undefined) this.#retire(previous);
  }

  /** Waits for the requests in flight, then closes. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#current !== undefined) this.#retire(this.#current);
    await Promise.all(this.#retiring);
  }

  #retire(graph: Graph): void {
    const retiring = graph
      .retire()
      .catch((error: unknown) => this.#logger.error({ err: error }, 'a supergraph that was replaced was not closed'))
      .finally(() => void this.#retiring.delete(retiring));
    this.#retiring.add(retiring);
  }
}
