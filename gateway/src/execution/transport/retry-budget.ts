/** A tenth of the calls may be sent again. So an outage does not double the load of the instances that remain. */
const tokensOfCall = 0.1;
/** A client with few calls may send so many again at once. One more is allowed each second, up to this number. */
const floor = 10;
/** The calls of a busy time save up so many at most: those in flight to an instance that stops. */
const most = 100;

/** Limits how many calls to a subgraph are sent again. */
export class RetryBudget {
  readonly #now: () => number;
  #tokens = floor;
  #refilledAtMs: number;

  /** @param now milliseconds by a steady clock; for tests */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#refilledAtMs = now();
  }

  /** Records the first attempt of a call. */
  recordCall(): void {
    this.#tokens = Math.min(most, this.#tokens + tokensOfCall);
  }

  /** Takes one from the budget. Returns false when it is empty. */
  spend(): boolean {
    const nowMs = this.#now();
    if (this.#tokens < floor) this.#tokens = Math.min(floor, this.#tokens + (nowMs - this.#refilledAtMs) / 1_000);
    this.#refilledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
