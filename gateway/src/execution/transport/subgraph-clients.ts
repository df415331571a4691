import type { Subgraph } from '../../find-subgraphs.ts';
import type { SubgraphClient } from './subgraph-client.ts';

/** The clients of the subgraphs of one supergraph. */
export interface SubgraphClientSet {
  /** By the name of the subgraph. */
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  /** Closes the clients that no other set uses. */
  close(): Promise<void>;
}

interface Entry {
  readonly client: SubgraphClient;
  uses: number;
}

/**
 * The clients of all subgraphs. Supergraphs that follow each other share those of the subgraphs that stay, with their connections and
 * breakers. A subgraph with other URLs gets a new client.
 */
export class SubgraphClients {
  readonly #createClient: (subgraph: Subgraph) => SubgraphClient;
  readonly #entries = new Map<string, Entry>();

  constructor(createClient: (subgraph: Subgraph) => SubgraphClient) {
    this.#createClient = createClient;
  }

  /** How many clients are open. */
  get size(): number {
    return this.#entries.size;
  }

  open(subgraphs: Iterable<Subgraph>): SubgraphClientSet {
    const taken = [...subgraphs].map((subgraph) => [keyOf(subgraph), this.#take(subgraph)] as const);
    let isClosed = false;
    return {
      clients: new Map(taken.map(([, { client }]) => [client.name, client])),
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        await Promise.all(taken.map(([key, entry]) => this.#release(key, entry)));
      },
    };
  }

  #take(subgraph: Subgraph): Entry {
    const key = keyOf(subgraph);
    let entry = this.#entries.get(key);
    if (entry === undefined) this.#entries.set(key, (entry = { client: this.#createClient(subgraph), uses: 0 }));
    entry.uses += 1;
    return entry;
  }

  async #release(key: string, entry: Entry): Promise<void> {
    entry.uses -= 1;
    if (entry.uses > 0) return;
    this.#entries.delete(key);
    await entry.client.close();
  }
}

const keyOf = ({ name, urls }: Subgraph): string => JSON.stringify([name, urls]);
