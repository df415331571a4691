import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface SubscriptionsOptions {
  /** Subscriptions of one product, each on a socket of its own. */
  readonly subscribers: number;
  /** Changes of its stock. */
  readonly changes: number;
  /** Orders that are watched by one subscription each while they are placed. */
  readonly orders: number;
}

/** Adds the command `subscriptions`. */
export function addSubscriptions(program: ShopCommand, run: (options: SubscriptionsOptions) => Promise<void>): void {
  program
    .command('subscriptions')
    .description('Measure delay, memory and CPU of subscriptions on one gateway. Takes three minutes.')
    .option('--subscribers <number>', 'subscriptions of one product', wholeNumber(1, 18_000), 10_000)
    .option('--changes <number>', 'changes of its stock', wholeNumber(1, 10_000), 30)
    .option('--orders <number>', 'orders that are watched while they are placed', wholeNumber(1, 10_000), 1_000)
    .action((options: SubscriptionsOptions) => run(options));
}
