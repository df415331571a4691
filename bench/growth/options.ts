import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface GrowthOptions {
  /** Orders that are placed and completed. */
  readonly orders: number;
}

/** Adds the command `growth`. */
export function addGrowth(program: ShopCommand, run: (options: GrowthOptions) => Promise<void>): void {
  program
    .command('growth')
    .description('Complete orders, and measure the bytes that each leaves behind. Takes some minutes.')
    .option('--orders <number>', 'orders that are placed and completed', wholeNumber(1, 100_000), 1_000)
    .action((options: GrowthOptions) => run(options));
}
