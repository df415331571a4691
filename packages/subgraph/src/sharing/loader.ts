import DataLoader from 'dataloader';

/** Loads rows by key, for one request: each once, and those that are asked for at the same time together. */
export class Loader<Key, Row> {
  readonly #load: (keys: readonly Key[]) => Promise<readonly Row[]>;
  readonly #rows = new Map<Key, Row>();
  /** Loads what was not preloaded, and knows which loads have failed. */
  readonly #others: DataLoader<Key, Row>;

  /** @param load returns a row for each key, in the order of the keys. There is no row that is undefined. */
  constructor(load: (keys: readonly Key[]) => Promise<readonly Row[]>) {
    this.#load = load;
    this.#others = new DataLoader(load);
  }

  /** A row, at once when it was preloaded. */
  load(key: Key): Row | Promise<Row> {
    const row = this.#rows.get(key);
    return row === undefined ? this.#others.load(key) : row;
  }

  /** Loads a row, and returns the value that `read` makes of it: at once when the row was preloaded. */
  read<Value>(key: Key, read: (row: Row) => Value): Value | Promise<Value> {
    const row = this.load(key);
    return row instanceof Promise ? row.then(read) : read(row);
  }

  /** Loads rows, so that whoever asks for one of them need not wait. Who asks for one that cannot be loaded is told so. */
  async preload(keys: readonly Key[]): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.#rows.has(key));
    if (missing.length === 0) return;
    try {
      const rows = await this.#load(missing);
      for (const [index, key] of missing.entries()) this.#rows.set(key, rows[index] as Row);
    } catch (error) {
      for (const key of missing) this.#others.prime(key, error as Error);
    }
  }
}
