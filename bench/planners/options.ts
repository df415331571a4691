import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface PlannersOptions {
  /** How often each planner plans each operation. */
  readonly rounds: number;
}

/** Adds the command `planners`. */
export function addPlanners(program: ShopCommand, run: (options: PlannersOptions) => Promise<void>): void {
  program
    .command('planners')
    .description("Measure how long Apollo's and Hive's planner plan operations. Takes a minute.")
    .option('--rounds <number>', 'rounds, in which the planners take turns', wholeNumber(2, 1_000), 20)
    .action((options: PlannersOptions) => run(options));
}
