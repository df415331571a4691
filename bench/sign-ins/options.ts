import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface SignInsOptions {
  /** Clients that sign in at the same time. */
  readonly clients: number;
  readonly rounds: number;
  /** Seconds of each part of a round. */
  readonly seconds: number;
}

/** Adds the command `sign-ins`. */
export function addSignIns(program: ShopCommand, run: (options: SignInsOptions) => Promise<void>): void {
  program
    .command('sign-ins')
    .description('Sign in, and compare it with the check of the password alone. Takes two minutes.')
    .option('--clients <number>', 'clients at the same time', wholeNumber(1, 64), 8)
    .option('--rounds <number>', 'rounds', wholeNumber(1, 100), 5)
    .option('--seconds <number>', 'seconds of each part of a round', wholeNumber(1, 600), 8)
    .action((options: SignInsOptions) => run(options));
}
