/** Runs one task at a time; chance decides which of those that wait is next. */
export class Turns {
  #isTaken = false;
  readonly #waiting: (() => void)[] = [];

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#isTaken)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
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
