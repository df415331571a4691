/** Pauses between two probes of a subgraph, in milliseconds: while calls wait for it, and after they have given up. */
const probePauses = { waitingMs: 50, downMs: 250 };

export interface AvailabilityOptions {
  /** Asks the subgraph for any answer. Never rejects. */
  readonly probe: () => Promise<boolean>;
  /** How long a subgraph may be away before it counts as down, in milliseconds. */
  readonly maxAwayMs: number;
}

/**
 * Tells whether a subgraph accepts connections. It is away from the first connection that fails until a probe is answered. Calls wait
 * for it, because a restart takes a moment. After `maxAwayMs` it counts as down, and calls fail at once. Only one probe runs at a time,
 * so that waiting calls do not burden a subgraph that is starting.
 */
export class Availability {
  readonly #options: AvailabilityOptions;
  #outage: Outage | undefined;
  #isClosed = false;

  constructor(options: AvailabilityOptions) {
    this.#options = options;
  }

  /** True when the last connection failed, and no probe was answered since. */
  get isAway(): boolean {
    return this.#outage !== undefined;
  }

  /**
   * Waits until the subgraph is available.
   *
   * @param untilMs the time to wait until at most, as of `performance.now()`
   * @returns false when it is down, or still away at that time
   */
  async wait(untilMs: number): Promise<boolean> {
    if (this.#outage === undefined) return true;
    const { downAtMs, ended } = this.#outage;
    const waitMs = Math.min(downAtMs, untilMs) - performance.now();
    return waitMs > 0 && resolvesWithin(waitMs, ended);
  }

  /** Reports a connection that was refused, or that broke. */
  reportAway(): void {
    if (this.#outage !== undefined || this.#isClosed) return;
    this.#outage = createOutage(performance.now() + this.#options.maxAwayMs);
    void this.#probeUntilBack(this.#outage);
  }

  /** Stops the probes. Calls that wait end with their own timeout. */
  close(): void {
    this.#isClosed = true;
  }

  async #probeUntilBack({ downAtMs, end }: Outage): Promise<void> {
    while (!this.#isClosed) {
      if (await this.#options.probe()) {
        this.#outage = undefined;
        return end();
      }
      await pause(performance.now() < downAtMs ? probePauses.waitingMs : probePauses.downMs);
    }
  }
}

interface Outage {
  readonly downAtMs: number;
  readonly ended: Promise<void>;
  end(): void;
}

function createOutage(downAtMs: number): Outage {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { downAtMs, ended, end };
}

/** A pause that does not keep the process alive. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}

async function resolvesWithin(milliseconds: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, milliseconds, false)));
  const isInTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return isInTime;
}
