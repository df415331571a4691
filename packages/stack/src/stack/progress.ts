import type { Report } from '@shop/process';

/** Prints one line a step: its name, what came of it, and its time. */
export interface Progress {
  /** Runs a step and prints its line when it is done. `describe` makes the text from the step's result. */
  step<Result>(name: string, work: Promise<Result>, describe: (result: Result) => string): Promise<Result>;
}

export function createProgress(report: Report): Progress {
  return {
    async step(name, work, describe) {
      const start = performance.now();
      const result = await work;
      report(
        `${name.padEnd(12)} ${describe(result).padEnd(44)} ${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s`,
      );
      return result;
    },
  };
}
