import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface EntitiesOptions {
  readonly rounds: number;
  /** Seconds of each kind of request in a round. */
  readonly seconds: number;
}

/** Adds the command `entities`. */
export function addEntities(program: ShopCommand, run: (options: EntitiesOptions) => Promise<void>): void {
  program
    .command('entities')
    .description('Ask the product subgraph for entities and a list, as the gateway does. Takes two minutes.')
    .option('--rounds <number>', 'rounds', wholeNumber(1, 100), 5)
    .option('--seconds <number>', 'seconds of each kind of request in a round', wholeNumber(1, 600), 4)
    .action((options: EntitiesOptions) => run(options));
}
