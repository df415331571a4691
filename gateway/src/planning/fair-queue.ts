/** The limits of a queue. */
export interface QueueLimits {
  /** Jobs of all clients that wait. */
  readonly max: number;
  /** Jobs of one client that wait. */
  readonly maxOfClient: number;
}

/** Takes turns between clients, so that one with many jobs does not delay the others. */
export class FairQueue<Job> {
  readonly #limits: QueueLimits;
  /** The client whose turn is next comes first. */
  readonly #jobs = new Map<string, Job[]>();
  #size = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** @returns false when the queue, or the client's part of it, is full */
  add(client: string, job: Job): boolean {
    const own = this.#jobs.get(client) ?? [];
    if (this.#size >= this.#limits.max || own.length >= this.#limits.maxOfClient) return false;
    own.push(job);
    this.#jobs.set(client, own);
    this.#size += 1;
    return true;
  }

  take(): Job | undefined {
    const [next] = this.#jobs;
    if (next === undefined) return undefined;
    const [client, own] = next;
    const job = own.shift();
    this.#jobs.delete(client);
    if (own.length > 0) this.#jobs.set(client, own);
    this.#size -= 1;
    return job;
  }
}
