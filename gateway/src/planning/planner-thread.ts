import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Mebibytes for new objects of the thread. By default V8 takes 150, of which the thread never needs more than a few. */
const youngMemoryMib = 24;

/** The answer of the thread to one operation. */
export type PlannerAnswer =
  /** The plan as JSON. */
  | { readonly plan: string }
  /** The planner's own message. */
  | { readonly refusal: string }
  /** The thread was ended, because the operation took more time or memory than it may. */
  | { readonly exceeded: 'time' | 'memory' };

export interface PlannerThreadOptions {
  readonly supergraphSdl: string;
  /** Milliseconds for one operation. */
  readonly timeoutMs: number;
  /** Program of the thread. Default: the planner of Apollo. */
  readonly program?: URL;
  /** Milliseconds more for a program that ends a late planning itself. Default: 0. */
  readonly graceMs?: number;
  /** Mebibytes of the thread's objects. Default: 512. */
  readonly maxMemoryMib?: number;
}

/** Also the name of its bundle beside that of the gateway. */
const plannerProgram = new URL('./planner-worker.js', import.meta.url);

/**
 * Plans operations in a thread of its own, one at a time, so that the gateway's thread goes on answering. A thread that exceeds the
 * limit of an operation is ended and replaced.
 */
export class PlannerThread {
  readonly #options: PlannerThreadOptions;
  #starting!: Promise<Worker>;
  #isClosed = false;

  constructor(options: PlannerThreadOptions) {
    this.#options = options;
    this.#begin();
  }

  /** Rejects when the thread cannot be started, for example because the supergraph is invalid. */
  async ready(): Promise<void> {
    await this.#starting;
  }

  /**
   * The caller waits for the answer before it sends the next operation. The time limit starts when the thread is ready.
   *
   * @throws Error when the thread fails by itself, or was closed
   */
  async plan(text: string): Promise<PlannerAnswer> {
    const worker = await this.#starting.catch((error: unknown) => {
      // The next operation tries again.
      this.#begin();
      throw error;
    });
    const { timeoutMs, graceMs = 0 } = this.#options;
    try {
      const answering = takeAnswer(worker, timeoutMs + graceMs);
      worker.postMessage(text);
      const answer = await answering;
      if ('exceeded' in answer) await this.#replace(worker);
      return answer;
    } catch (error) {
      await this.#replace(worker);
      if (isOutOfMemory(error)) return { exceeded: 'memory' };
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#starting.then(
      (worker) => worker.terminate(),
      () => {},
    );
  }

  #begin(): void {
    this.#starting = this.#start();
    // `ready` and `plan` report a failure.
    this.#starting.catch(() => {});
  }

  async #start(): Promise<Worker> {
    const { supergraphSdl, timeoutMs, program = plannerProgram, maxMemoryMib = 512 } = this.#options;
    const worker = new Worker(program, {
      workerData: { supergraphSdl, timeoutMs },
      resourceLimits: { maxOldGenerationSizeMb: maxMemoryMib, maxYoungGenerationSizeMb: youngMemoryMib },
    });
    // A planner without work does not keep the process alive.
    worker.unref();
    // Errors are reported to the one who waits. Without a listener, they would end the process.
    worker.on('error', () => {});
    await once(worker, 'message');
    return worker;
  }

  async #replace(worker: Worker): Promise<void> {
    if (this.#isClosed) return;
    this.#begin();
    await worker.terminate();
  }
}

/** @throws Error when the thread ends before it answers */
function takeAnswer(worker: Worker, timeoutMs: number): Promise<PlannerAnswer> {
  return new Promise((resolve, reject) => {
    function end(settle: () => void): void {
      clearTimeout(timeout);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
    }
    const timeout = setTimeout(() => end(() => resolve({ exceeded: 'time' })), timeoutMs);
    const onMessage = (answer: PlannerAnswer): void => end(() => resolve(answer));
    const onError = (error: Error): void => end(() => reject(error));
    const onExit = (): void => end(() => reject(new Error('The planner was closed.')));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

const isOutOfMemory = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
