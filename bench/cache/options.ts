import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';
import { secondsOption } from '../options.ts';

export interface CacheOptions {
  /** Measured seconds of each gateway in a round. */
  readonly seconds: number;
  readonly rounds: number;
  /** Orders a second while the hit rate and the age of answers are measured. */
  readonly orders: number;
}

/** Adds the command `cache`. */
export function addCache(program: ShopCommand, run: (options: CacheOptions) => Promise<void>): void {
  program
    .command('cache')
    .description('Ask for products with the cache on and off, and while orders change the stock. Takes three minutes.')
    .addOption(secondsOption(5))
    .option('--rounds <number>', 'rounds', wholeNumber(1, 100), 5)
    .option('--orders <number>', 'orders a second in the second part', wholeNumber(1, 1_000), 100)
    .action((options: CacheOptions) => run(options));
}
