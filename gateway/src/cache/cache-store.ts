import type { Source } from './source.ts';

/** A value that is kept for a key, with all that it depends on. */
export interface Kept {
  /** The text of an entity, or of data; null for an entity that does not exist. A buffer is a whole answer. */
  readonly value: string | Buffer | null;
  /** It is dropped when one of them is invalidated. */
  readonly tags: readonly string[];
  readonly sources: readonly Source[];
  /** The number of the last invalidation before it was read. */
  readonly since: number;
  /** The same for its oldest part: an answer may have parts that were kept before. */
  readonly oldest: number;
  /** Milliseconds by the steady clock. */
  readonly expiresAt: number;
}

interface Entry extends Kept {
  readonly key: string;
  readonly bytes: number;
  /** Its neighbours in the order of use. A list costs less than a map that is changed with each hit. */
  newer: Entry | undefined;
  older: Entry | undefined;
}

/** Bytes of an entry beside its key and its value, and of each of its tags, by estimate. */
const bytesOf = { entry: 360, tag: 96 };

/** Keeps values in memory. The least recently used ones are dropped when there are too many bytes. */
export class CacheStore {
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #onEvict: () => unknown;
  readonly #entries = new Map<string, Entry>();
  #newest: Entry | undefined;
  #oldest: Entry | undefined;
  readonly #byTag = new Map<string, Set<Entry>>();
  #bytes = 0;

  /**
   * @param options.maxBytes of memory, by estimate
   * @param options.now milliseconds; default: the steady clock
   * @param options.onEvict called for each entry that is dropped because of the bound
   */
  constructor(options: { maxBytes: number; now?: () => number; onEvict?: () => unknown }) {
    this.#maxBytes = options.maxBytes;
    this.#now = options.now ?? (() => performance.now());
    this.#onEvict = options.onEvict ?? (() => {});
  }

  get state(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes };
  }

  /** @returns undefined for what is not kept, has expired, or may have changed without an event that the gateway knows */
  find(key: string): Kept | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    let isCurrent = true;
    for (const source of entry.sources) {
      if (source.flushedAt > entry.since) return this.#drop(entry);
      if (!source.isCurrent()) isCurrent = false;
    }
    if (entry.expiresAt <= this.#now()) return this.#drop(entry);
    if (!isCurrent) return undefined;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#link(entry);
    }
    return entry;
  }

  /** The caller has checked that nothing of it was invalidated since it was read. */
  keep(key: string, kept: Kept): void {
    const known = this.#entries.get(key);
    if (known !== undefined) this.#drop(known);
    const bytes = bytesOf.entry + bytesOfText(key) + bytesOfValue(kept.value) + kept.tags.length * bytesOf.tag;
    // One that is as large as the store would drop all others.
    if (bytes > this.#maxBytes / 8) return;
    const entry: Entry = { ...kept, key, bytes, newer: undefined, older: undefined };
    this.#entries.set(key, entry);
    this.#link(entry);
    this.#bytes += bytes;
    for (const tag of entry.tags) {
      const others = this.#byTag.get(tag);
      if (others === undefined) this.#byTag.set(tag, new Set([entry]));
      else others.add(entry);
    }
    while (this.#bytes > this.#maxBytes && this.#oldest !== undefined) {
      this.#drop(this.#oldest);
      this.#onEvict();
    }
  }

  /** Drops what has one of the tags. Returns how many entries that were. */
  invalidate(tags: Iterable<string>): number {
    let count = 0;
    for (const tag of tags) {
      const entries = this.#byTag.get(tag);
      if (entries === undefined) continue;
      count += entries.size;
      for (const entry of [...entries]) this.#drop(entry);
    }
    return count;
  }

  #link(entry: Entry): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink({ newer, older }: Entry): void {
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
  }

  #drop(entry: Entry): undefined {
    this.#entries.delete(entry.key);
    this.#unlink(entry);
    this.#bytes -= entry.bytes;
    for (const tag of entry.tags) {
      const others = this.#byTag.get(tag);
      others?.delete(entry);
      if (others?.size === 0) this.#byTag.delete(tag);
    }
  }
}

function bytesOfValue(value: Kept['value']): number {
  if (value === null) return 0;
  return typeof value === 'string' ? bytesOfText(value) : value.length;
}

/** A text has one byte a character in memory, or two when a character needs them. */
function bytesOfText(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length;
}
