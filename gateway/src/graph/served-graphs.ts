import type { Logger } from '@shop/process';
import type { Supergraph } from '../supergraph/index.ts';
import type { ServedGraph } from './served-graph.ts';

/** Operations that are planned for a new supergraph before it is served, and the time for that. */
const warmUp = { operations: 500, maxMs: 10_000 };

/** The supergraph that is served, and those before it that still have requests. */
export class ServedGraphs {
  readonly #serve: (supergraph: Supergraph) => Promise<ServedGraph>;
  readonly #logger: Logger;
  readonly #retiring = new Set<Promise<void>>();
  #current: ServedGraph | undefined;
  #isClosed = false;

  /** @param serve makes all that depends on a supergraph */
  constructor(serve: (supergraph: Supergraph) => Promise<ServedGraph>, logger: Logger) {
    this.#serve = serve;
    this.#logger = logger;
  }

  /** @throws Error before the first supergraph is served */
  get current(): ServedGraph {
    if (this.#current === undefined) throw new Error('No supergraph is served yet.');
    return this.#current;
  }

  /** How many supergraphs take memory: more than one while requests of an earlier one are in flight. */
  get size(): number {
    return this.#retiring.size + (this.#current === undefined ? 0 : 1);
  }

  /** Begins a request on the current supergraph. The caller calls `leave` of the result when the request has been answered. */
  enter(): ServedGraph {
    const graph = this.current;
    graph.enter();
    return graph;
  }

  /**
   * Serves another supergraph, or the first one. Requests in flight finish on the one before. The plans that were used last are made
   * beforehand: otherwise each client would wait for the planner at once, and some would be refused.
   *
   * @throws Error that says why the supergraph cannot be served. Then nothing changes.
   */
  async replace(supergraph: Supergraph): Promise<void> {
    const next = await this.#serve(supergraph);
    const operations = this.#current?.plans.listOperations(warmUp.operations) ?? [];
    // A planner that fails is replaced, and tells the clients.
    await next.plans.prepare(operations, warmUp.maxMs).catch(() => {});
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

  #retire(graph: ServedGraph): void {
    const retiring = graph
      .retire()
      .catch((error: unknown) => this.#logger.error({ err: error }, 'a supergraph that was replaced was not closed'))
      .finally(() => void this.#retiring.delete(retiring));
    this.#retiring.add(retiring);
  }
}
