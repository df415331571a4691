import { type SubgraphAnswer, SubgraphCallError } from './answer-reader.ts';
import { ShortLivedMap } from './short-lived-map.ts';

/**
 * Tells reads that were sent before a change of the data from those after it. All supergraphs of a gateway share one, because a mutation
 * of one of them changes the data of the next.
 */
export class ReadGeneration {
  #number = 0;

  /** Grows with each {@link invalidate}. */
  get number(): number {
    return this.#number;
  }

  /** Call this when data have changed, or may have. No later read joins one that was sent before. */
  invalidate(): void {
    this.#number += 1;
  }
}

/** A read that is on its way. */
interface Flight {
  readonly generation: number;
  readonly deadlineMs: number;
  /** Rejects with SubgraphCallError. */
  readonly answer: Promise<SubgraphAnswer>;
}

/** A read, and who asks for it. */
export interface Read {
  /** Everything that the answer may depend on: the body, the identity of the caller, and headers. */
  readonly key: string;
  /** The end of the caller's time limit, by the steady clock. */
  readonly deadlineMs: number;
  /** Sends the read, if no equal one is on its way. Rejects with SubgraphCallError. */
  readonly send: () => Promise<SubgraphAnswer>;
  /** Called when the read waits for the answer of an equal one instead. `send` may be called later, when that one gets no answer. */
  readonly onJoin: () => void;
}

/**
 * Shares the answers of equal reads to one subgraph. A read joins an equal one that is on its way, unless the data may have changed since
 * that was sent. So a caller always sees what its own earlier mutations have written.
 *
 * A read is never ended because a caller leaves.
 */
export class SharedReads {
  readonly #generation: Pick<ReadGeneration, 'number'>;
  readonly #flights = new ShortLivedMap<string, Flight>();

  constructor(generation: Pick<ReadGeneration, 'number'>) {
    this.#generation = generation;
  }

  /** The reads that are on their way, and that a later one may join. */
  get size(): number {
    return this.#flights.size;
  }

  /** @throws SubgraphCallError also with `timeout`, at the time limit of this caller */
  read(read: Read): Promise<SubgraphAnswer> {
    const flight = this.#findFlight(read.key);
    return flight === undefined ? this.#start(read) : this.#join(read, flight);
  }

  #findFlight(key: string): Flight | undefined {
    const flight = this.#flights.get(key);
    return flight?.generation === this.#generation.number ? flight : undefined;
  }

  async #join(read: Read, joined: Flight): Promise<SubgraphAnswer> {
    const { key, deadlineMs, onJoin } = read;
    for (let flight: Flight | undefined = joined; flight !== undefined; flight = this.#findFlight(key)) {
      onJoin();
      try {
        return await waitFor(flight, deadlineMs);
      } catch (error) {
        // The one who sent it began earlier, so its time was over earlier.
        const hasTime = error instanceof SubgraphCallError && error.reason === 'timeout' && isBefore(deadlineMs);
        if (!hasTime) throw error;
      }
    }
    return this.#start(read);
  }

  #start({ key, deadlineMs, send }: Read): Promise<SubgraphAnswer> {
    const answer = send();
    const flight = { generation: this.#generation.number, deadlineMs, answer };
    this.#flights.set(key, flight);
    const land = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    // Not "finally", whose promise would cost as much again.
    answer.then(land, land);
    return answer;
  }
}

const isBefore = (deadlineMs: number): boolean => performance.now() < deadlineMs;

/** Waits for a read of another caller, no longer than until the deadline. */
function waitFor(flight: Flight, deadlineMs: number): Promise<SubgraphAnswer> {
  if (flight.deadlineMs <= deadlineMs) return flight.answer;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new SubgraphCallError('timeout', 'no answer in time', { progress: 'sent' })),
      Math.max(0, Math.ceil(deadlineMs - performance.now())),
    );
    flight.answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
