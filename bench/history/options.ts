import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';
import { wholeNumbers } from '../options.ts';

export interface HistoryOptions {
  /** Numbers of orders, ascending. There are as many accounts. */
  readonly sizes: readonly number[];
  /** Requests of each kind, whose median is shown. */
  readonly requests: number;
}

const SIZES = [10_000, 1_000_000];

/** Adds the command `history`. */
export function addHistory(program: ShopCommand, run: (options: HistoryOptions) => Promise<void>): void {
  program
    .command('history')
    .description('Read lists and counts of orders and accounts of several sizes. Takes five minutes.')
    .option(
      '--sizes <numbers>',
      `numbers of orders, and of accounts (default: ${SIZES.join(',')})`,
      wholeNumbers(1_000, 1_000_000),
    )
    .option('--requests <number>', 'requests of each kind', wholeNumber(1, 1_000), 15)
    .action(({ sizes = SIZES, requests }: { readonly sizes?: readonly number[]; readonly requests: number }) =>
      run({ sizes, requests }),
    );
}
