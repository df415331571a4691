import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface RestartsOptions {
  /** Clients that place orders all the time. */
  readonly clients: number;
  /** How often each service restarts. */
  readonly rounds: number;
}

/** Adds the command `restarts`. */
export function addRestarts(program: ShopCommand, run: (options: RestartsOptions) => Promise<void>): void {
  program
    .command('restarts')
    .description('Measure how long each service takes to be ready again while orders are placed. Takes two minutes.')
    .option('--clients <number>', 'clients that place orders', wholeNumber(0, 1_000), 16)
    .option('--rounds <number>', 'restarts of each service', wholeNumber(1, 1_000), 5)
    .action((options: RestartsOptions) => run(options));
}
