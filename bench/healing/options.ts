import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface HealingOptions {
  /** Events that the broker has acknowledged and does not have. */
  readonly events: number;
}

/** Adds the command `healing`. */
export function addHealing(program: ShopCommand, run: (options: HealingOptions) => Promise<void>): void {
  program
    .command('healing')
    .description('Lose events in the broker, and measure until their follower has them. Takes a minute or two.')
    .option('--events <number>', 'events that the broker loses', wholeNumber(1, 1_000_000), 20_000)
    .action((options: HealingOptions) => run(options));
}
