/** Remembers the last ids that it was given: at least `size` of them, and at most twice as many. */
export class RecentIds {
  readonly #size: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  constructor(size: number) {
    this.#size = size;
  }

  add(id: string): void {
    this.#newer.add(id);
    if (this.#newer.size < this.#size) return;
    this.#older = this.#newer;
    this.#newer = new Set();
  }

  has(id: string): boolean {
    return this.#newer.has(id) || this.#older.has(id);
  }
}
