import { CallWindow } from './call-window.ts';

/** Pauses between two probes of an instance, in milliseconds: while calls wait for it, and when they do not. */
const probePauses = { waitingMs: 50, openMs: 250 };

/** Half of the calls of ten seconds must fail, and there must be so many that one slow operation cannot be the cause. */
const failureRate = { share: 0.5, minCalls: 20 };

/**
 * - `closed`: calls are sent.
 * - `waiting`: the last connection failed. Calls wait, because a restart takes a moment.
 * - `open`: calls fail at once.
 * - `half-open`: one call is sent, and its outcome decides. All others fail at once.
 */
export type BreakerState = 'closed' | 'waiting' | 'open' | 'half-open';

/** Why a breaker is not closed. */
export type BreakerReason = 'connection' | 'frozen' | 'failures';

export interface BreakerOptions {
  /** Asks the instance for any answer. Never rejects. */
  readonly probe: () => Promise<boolean>;
  /** How long calls wait for an instance that accepts no connection, in milliseconds. Then the breaker is open. */
  readonly maxAwayMs: number;
  /** How long a breaker stays open after too many calls failed, in milliseconds. Default: 5,000. */
  readonly openMs?: number;
  /** Called after each change, except for that from `waiting` to `open`, which only time causes. */
  readonly onChange?: (state: BreakerState, reason: BreakerReason) => void;
  /** Milliseconds by a steady clock; for tests. */
  readonly now?: () => number;
}

/**
 * - `answered`: with a status below 500.
 * - `failed`: the call was late, or was answered with a status of 500 or more.
 * - `disconnected`: the connection was refused, or broke.
 * - `abandoned`: the outcome tells nothing about the instance.
 */
export type CallOutcome = 'answered' | 'failed' | 'disconnected' | 'abandoned';

/** Belongs to one call. It has an outage when the call decides whether that is over. */
export interface CallTicket {
  readonly outage?: object;
}

interface Outage {
  readonly reason: BreakerReason;
  /** Until then calls wait. */
  readonly waitUntilMs: number;
  /** No earlier than then the instance is probed. */
  readonly probeFromMs: number;
  /** True when a probe was answered, so that one call may be sent. */
  isHalfOpen: boolean;
  /** True while that call is in flight. */
  isTried: boolean;
}

/**
 * The circuit breaker of one instance of a subgraph. Probes find out that the instance is back, not the calls of clients. Only after
 * too many calls failed must a call succeed too, because such an instance answers probes. Only one probe runs at a time, so that an
 * instance that is starting has no more work than that.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #now: () => number;
  readonly #window: CallWindow;
  #outage: Outage | undefined;
  #isClosed = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#window = new CallWindow(this.#now);
  }

  get state(): BreakerState {
    if (this.#outage === undefined) return 'closed';
    if (this.#outage.isHalfOpen) return 'half-open';
    return this.#now() < this.#outage.waitUntilMs ? 'waiting' : 'open';
  }

  /** True when a call may be sent now. */
  get admits(): boolean {
    return this.#outage === undefined || (this.#outage.isHalfOpen && !this.#outage.isTried);
  }

  /** Until when calls may wait for this instance, in the milliseconds of the clock; `-Infinity` when they may not. */
  get waitUntilMs(): number {
    return this.#outage?.waitUntilMs ?? -Infinity;
  }

  /** Reports that a call is sent. The result belongs to {@link finish}. */
  start(): CallTicket {
    const outage = this.#outage;
    if (outage?.isHalfOpen !== true) return {};
    outage.isTried = true;
    return { outage };
  }

  finish(ticket: CallTicket, outcome: CallOutcome): void {
    const trial = ticket.outage === this.#outage ? this.#outage : undefined;
    // Many connections break at once. They are one failure.
    const isCounted = outcome !== 'disconnected' || this.#outage === undefined;
    if (outcome !== 'abandoned' && isCounted) this.#window.add(outcome !== 'answered');

    if (trial !== undefined) {
      if (outcome === 'answered') this.#end(trial);
      else if (outcome === 'abandoned') trial.isTried = false;
      else this.#openAfterFailures();
    } else if (this.#outage === undefined && outcome !== 'answered' && outcome !== 'abandoned') {
      if (this.#areTooManyFailed()) this.#openAfterFailures();
      else if (outcome === 'disconnected') this.#beginWaiting();
    }
  }

  /** Reports that the instance has answered neither calls nor probes. */
  reportFreeze(): void {
    if (this.#outage === undefined)
      this.#begin({ reason: 'frozen', waitUntilMs: -Infinity, probeFromMs: this.#now() + probePauses.openMs });
  }

  /** Stops the probes. */
  close(): void {
    this.#isClosed = true;
  }

  #areTooManyFailed(): boolean {
    const { calls, failures } = this.#window.count();
    return calls >= failureRate.minCalls && failures >= calls * failureRate.share;
  }

  #beginWaiting(): void {
    const waitUntilMs = this.#now() + this.#options.maxAwayMs;
    this.#begin({ reason: 'connection', waitUntilMs, probeFromMs: -Infinity });
  }

  #openAfterFailures(): void {
    const { openMs = 5_000 } = this.#options;
    this.#window.clear();
    this.#begin({ reason: 'failures', waitUntilMs: -Infinity, probeFromMs: this.#now() + openMs });
  }

  #begin(begun: Pick<Outage, 'reason' | 'waitUntilMs' | 'probeFromMs'>): void {
    if (this.#isClosed) return;
    const outage = { ...begun, isHalfOpen: false, isTried: false };
    this.#outage = outage;
    this.#options.onChange?.(this.state, outage.reason);
    void this.#probeUntilBack(outage);
  }

  #end({ reason }: Outage): void {
    this.#outage = undefined;
    this.#options.onChange?.('closed', reason);
  }

  async #probeUntilBack(outage: Outage): Promise<void> {
    if (outage.probeFromMs > this.#now()) await pause(outage.probeFromMs - this.#now());
    while (!this.#isClosed && this.#outage === outage) {
      if (await this.#options.probe()) {
        if (outage.reason !== 'failures') return this.#end(outage);
        outage.isHalfOpen = true;
        return this.#options.onChange?.('half-open', outage.reason);
      }
      await pause(this.state === 'waiting' ? probePauses.waitingMs : probePauses.openMs);
    }
  }
}

/** A pause that does not keep the process alive. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}
