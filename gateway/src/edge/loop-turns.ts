import type { onRequestHookHandler } from 'fastify';

/** How long work may be started in one turn of the event loop, in milliseconds. */
const budgetMs = 10;

/**
 * Spreads the start of work over turns of the event loop. A turn reads from up to 1,024 connections. Without a bound, the work of
 * all of them is started before the next turn, and a health check that arrives meanwhile waits for it.
 */
export class LoopTurns {
  readonly #waiting: (() => void)[] = [];
  /** When the first work of this turn was started. Undefined before it. */
  #startedAt: number | undefined;

  /** Undefined when there is time left in this turn. Else resolves in a later one, in the order of the calls. */
  enter(): Promise<void> | undefined {
    if (this.#startedAt === undefined) {
      this.#startedAt = performance.now();
      setImmediate(() => this.#nextTurn());
    }
    if (this.#waiting.length === 0 && this.#isTimeLeft()) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #isTimeLeft(): boolean {
    return this.#startedAt !== undefined && performance.now() - this.#startedAt < budgetMs;
  }

  #nextTurn(): void {
    this.#startedAt = undefined;
    if (this.#waiting.length === 0) return;
    this.#startedAt = performance.now();
    this.#startWaiting();
  }

  #startWaiting(): void {
    this.#waiting.shift()?.();
    // The work that was started goes on in microtasks and ticks. Time is measured after them.
    queueMicrotask(() =>
      process.nextTick(() => {
        if (this.#waiting.length > 0 && this.#isTimeLeft()) this.#startWaiting();
        else setImmediate(() => this.#nextTurn());
      }),
    );
  }
}

/** Returns a hook that lets operations start in turns of the event loop. */
export function takeTurns(turns = new LoopTurns()): onRequestHookHandler {
  return (request, reply, done) => {
    const turn = turns.enter();
    if (turn === undefined) return done();
    void turn.then(() => {
      // The client may have left meanwhile.
      if (request.raw.destroyed) reply.hijack();
      else done();
    });
  };
}
