import type { Source } from './source.ts';

/** Tells whether something that was read may be kept. */
export interface Leases {
  /** The number of the last invalidation. Who reads something in order to keep it remembers this number before. */
  readonly now: number;
  /** Notes an invalidation of tags. */
  invalidate(tags: Iterable<string>): void;
  /** Notes an invalidation of all that comes from a source. */
  flush(source: Source): void;
  /** True when nothing of this was invalidated after `since`. */
  isUntouched(tags: Iterable<string>, sources: Iterable<Source>, since: number): boolean;
}

/** Tags whose last invalidation is known. More would be those of events that are older than any call. */
const maxKnown = 100_000;

/**
 * Counts the invalidations, and remembers the last one of each tag. Without it, a value that was read before a change, and arrives after
 * the event of that change, would be kept: the event found nothing to drop.
 */
export class Invalidations implements Leases {
  /** In the order of their numbers. */
  readonly #last = new Map<string, number>();
  readonly #maxKnown: number;
  /** The highest number that was forgotten. */
  #forgotten = 0;
  #now = 0;

  constructor(options: { maxKnown?: number } = {}) {
    this.#maxKnown = options.maxKnown ?? maxKnown;
  }

  get now(): number {
    return this.#now;
  }

  invalidate(tags: Iterable<string>): void {
    this.#now += 1;
    for (const tag of tags) {
      this.#last.delete(tag);
      this.#last.set(tag, this.#now);
    }
    for (const [tag, number] of this.#last) {
      if (this.#last.size <= this.#maxKnown) break;
      this.#last.delete(tag);
      this.#forgotten = number;
    }
  }

  flush(source: Source): void {
    this.#now += 1;
    source.flushedAt = this.#now;
  }

  isUntouched(tags: Iterable<string>, sources: Iterable<Source>, since: number): boolean {
    if (since < this.#forgotten) return false;
    for (const source of sources) if (source.flushedAt > since) return false;
    for (const tag of tags) if ((this.#last.get(tag) ?? 0) > since) return false;
    return true;
  }
}
