const bucketMs = 1_000;
const bucketCount = 10;

interface Bucket {
  second: number;
  calls: number;
  failures: number;
}

/** Counts the calls of the last ten seconds, and those of them that failed. */
export class CallWindow {
  readonly #now: () => number;
  readonly #buckets = Array.from({ length: bucketCount }, (): Bucket => ({ second: -1, calls: 0, failures: 0 }));

  /** @param now milliseconds by a steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(isFailure: boolean): void {
    const second = Math.floor(this.#now() / bucketMs);
    const bucket = this.#buckets[second % bucketCount] as Bucket;
    if (bucket.second !== second) Object.assign(bucket, { second, calls: 0, failures: 0 });
    bucket.calls += 1;
    if (isFailure) bucket.failures += 1;
  }

  count(): { readonly calls: number; readonly failures: number } {
    const oldest = Math.floor(this.#now() / bucketMs) - bucketCount + 1;
    let [calls, failures] = [0, 0];
    for (const bucket of this.#buckets) {
      if (bucket.second < oldest) continue;
      calls += bucket.calls;
      failures += bucket.failures;
    }
    return { calls, failures };
  }

  clear(): void {
    for (const bucket of this.#buckets) bucket.second = -1;
  }
}
