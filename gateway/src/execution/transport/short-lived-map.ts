/** Deletions after which the entries move to a new Map. */
const renewAfter = 256;

/**
 * A Map whose entries come and go all the time. V8 gives a Map a new table when the old one is full of deleted entries, and links the old
 * table to the new one. A dead table that the garbage collector has moved to its old generation then keeps all later ones, with all that
 * was in them, until the next full collection. A new Map has no such link.
 */
export class ShortLivedMap<Key, Value> {
  #map = new Map<Key, Value>();
  #deletions = 0;

  get size(): number {
    return this.#map.size;
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  set(key: Key, value: Value): void {
    this.#map.set(key, value);
  }

  delete(key: Key): void {
    if (!this.#map.delete(key)) return;
    this.#deletions += 1;
    if (this.#deletions < renewAfter + this.#map.size) return;
    this.#deletions = 0;
    this.#map = new Map(this.#map);
  }

  /** In the order in which the entries were added. They may be deleted meanwhile. */
  values(): IterableIterator<Value> {
    return this.#map.values();
  }
}
