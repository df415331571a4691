/** Runs the tasks of one key one after the other, in order of arrival. Tasks of different keys run at the same time. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();

  /** @param task Must not reject. */
  run(key: string, task: () => Promise<void>): Promise<void> {
    const tail = (this.#tails.get(key) ?? Promise.resolve()).then(task).finally(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    this.#tails.set(key, tail);
    return tail;
  }

  /** Returns whether a task of this key is running or waiting. */
  isBusy(key: string): boolean {
    return this.#tails.has(key);
  }

  /** Resolves once no task is left. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.allSettled(this.#tails.values());
  }
}

/** Runs a limited number of tasks at a time. The other tasks wait in order of arrival. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await enqueue(this.#waiting);
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** Runs one task at a time, and picks the next one at random, so that no kind of task can starve another. */
export class Turns {
  #isTaken = false;
  readonly #waiting: (() => void)[] = [];

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#isTaken) await enqueue(this.#waiting);
    this.#isTaken = true;
    try {
      return await task();
    } finally {
      const [next] = this.#waiting.splice(Math.floor(Math.random() * this.#waiting.length), 1);
      if (next) next();
      else this.#isTaken = false;
    }
  }
}

function enqueue(waiting: (() => void)[]): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
  });
}
