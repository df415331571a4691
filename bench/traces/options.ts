import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface TracesOptions {
  /** Requests of each kind in a round. The kernel counts its time in hundredths of a second, so that few say little. */
  readonly requests: number;
  readonly rounds: number;
  /** How often all gateways are started anew. */
  readonly generations: number;
}

/** Adds the command `traces`. */
export function addTraces(program: ShopCommand, run: (options: TracesOptions) => Promise<void>): void {
  program
    .command('traces')
    .description('Measure what recording 10 % and all of the requests costs a gateway. Takes 20 minutes.')
    .option('--requests <number>', 'requests of each kind in a round', wholeNumber(100, 1_000_000), 10_000)
    .option('--rounds <number>', 'rounds', wholeNumber(3, 1_000), 4)
    .option('--generations <number>', 'how often all gateways are started anew', wholeNumber(2, 1_000), 12)
    .action((options: TracesOptions) => run(options));
}
