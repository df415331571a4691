/** Events of a stream whose places are remembered. */
const maxPlaces = 20_000;

/** The numbers that invalidations had when this process had handled the last events of a stream. */
export class StreamHistory {
  readonly #numbers = new Map<string, number>();
  /** The place of the last event. */
  last: string | undefined;

  add(place: string, number: number): void {
    this.last = place;
    // An event may come again. What other processes have read after its first time does not know of those in between.
    if (this.#numbers.has(place)) return;
    this.#numbers.set(place, number);
    if (this.#numbers.size <= maxPlaces) return;
    const [oldest] = this.#numbers.keys();
    if (oldest !== undefined) this.#numbers.delete(oldest);
  }

  /** @returns undefined for an event that this process has not handled, or that it has forgotten */
  find(place: string): number | undefined {
    return this.#numbers.get(place);
  }
}
