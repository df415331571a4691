/** The operation name of the operations that have none, and of requests that were refused before their operation was known. */
const unnamed = 'unnamed';
/** The name of all operations beyond the bound. */
const other = 'other';

/** Names that are not in a manifest. A page has a few operations, a shop some dozens. */
const maxLearned = 100;

/**
 * Bounds the names of operations in metrics. Clients choose names, and each new one would be kept for ever, here and in Prometheus. Those
 * of the manifests are always known. Of the others, the first hundred that were answered without an error are, so that a client that makes
 * names up must make up operations that work.
 */
export class OperationNames {
  readonly #known: Set<string>;
  readonly #most: number;

  /** @param known the names in the manifests */
  constructor(known: Iterable<string>) {
    this.#known = new Set(known);
    this.#most = this.#known.size + maxLearned;
  }

  /** @param isAnswered true when the operation was answered without an error */
  bound(name: string | null | undefined, isAnswered: boolean): string {
    if (name === null || name === undefined || name === '') return unnamed;
    if (this.#known.has(name)) return name;
    if (!isAnswered || this.#known.size >= this.#most || name.length > 100) return other;
    this.#known.add(name);
    return name;
  }
}
