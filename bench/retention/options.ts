import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface RetentionOptions {
  /** Events of a simulated day. */
  readonly events: number;
  /** Simulated weeks. The outbox is full after one, and the inbox after two. */
  readonly weeks: number;
}

/** Adds the command `retention`. */
export function addRetention(program: ShopCommand, run: (options: RetentionOptions) => Promise<void>): void {
  program
    .command('retention')
    .description(
      'Fill outbox and inbox, delete old rows for simulated weeks, and measure the tables. Takes some minutes.',
    )
    .option('--events <number>', 'events of a simulated day', wholeNumber(24, 1_000_000), 10_000)
    .option('--weeks <number>', 'simulated weeks', wholeNumber(1, 52), 6)
    .action((options: RetentionOptions) => run(options));
}
