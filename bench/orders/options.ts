import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';
import { partsOf, secondsOption, wholeNumbers } from '../options.ts';

/** The kinds of basket. */
export const BASKETS = ['many products', 'one product'] as const;
export type Basket = (typeof BASKETS)[number];

export interface OrdersOptions {
  /** Numbers of concurrent clients, ascending. */
  readonly clients: readonly number[];
  /** Measured seconds for each number of clients with each basket, without the wait for RESERVED. */
  readonly seconds: number;
  readonly baskets: readonly Basket[];
  readonly isAtRest: boolean;
  /** True to measure orders also while the notification service is stopped. */
  readonly isWithoutMessages: boolean;
  /** True for the whole benchmark. Only its results are written into the documentation. */
  readonly isComplete: boolean;
}

const COMPLETE = { clients: [1, 16, 64], seconds: 6 } as const;
const PARTS = ['at rest', ...BASKETS, 'without messages'] as const;

interface Flags {
  readonly clients?: readonly number[];
  readonly seconds: number;
  readonly only?: readonly (typeof PARTS)[number][];
}

/** Adds the command `orders`. */
export function addOrders(program: ShopCommand, run: (options: OrdersOptions) => Promise<void>): void {
  program
    .command('orders')
    .description('Place orders until they are RESERVED. Takes about four minutes.')
    .option(
      '--clients <numbers>',
      `numbers of concurrent clients (default: ${COMPLETE.clients.join(',')})`,
      wholeNumbers(1, 256),
    )
    .addOption(secondsOption(COMPLETE.seconds))
    .option('--only <parts>', `only these parts: ${PARTS.join(', ')}; a piece of the name is enough`, partsOf(PARTS))
    .action((flags: Flags) =>
      run({
        clients: flags.clients ?? COMPLETE.clients,
        seconds: flags.seconds,
        baskets: BASKETS.filter((name) => flags.only?.includes(name) ?? true),
        isAtRest: flags.only?.includes('at rest') ?? true,
        isWithoutMessages: flags.only?.includes('without messages') ?? true,
        isComplete: flags.clients === undefined && flags.only === undefined && flags.seconds >= COMPLETE.seconds,
      }),
    );
}
