import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';
import { partsOf, peersFolderOption, secondsOption } from '../options.ts';
import { rowNames, type RowName } from './shop.ts';

/** The shops that ours can be compared with. */
export const peerNames = ['vendure', 'medusa'] as const;
export type PeerName = (typeof peerNames)[number];

export interface ShopsOptions {
  readonly peers: readonly PeerName[];
  /** The folder where shops of other projects are installed. */
  readonly peersFolder: string;
  readonly rows: readonly RowName[];
  readonly products: number;
  /** Clients at the same time. Each has its own connection, and its own account for orders. */
  readonly clients: number;
  readonly rounds: number;
  /** Measured seconds of each line in each round. */
  readonly seconds: number;
  /** True for the whole benchmark. Only its results are written into the documentation. */
  readonly isComplete: boolean;
}

const COMPLETE = { products: 10_000, clients: 16, rounds: 3, seconds: 8 } as const;

interface Flags extends Omit<ShopsOptions, 'peers' | 'rows' | 'isComplete'> {
  readonly peers?: readonly PeerName[];
  readonly rows?: readonly RowName[];
}

/** Adds the command `shops`. */
export function addShops(program: ShopCommand, run: (options: ShopsOptions) => Promise<void>): void {
  program
    .command('shops')
    .description('Measure the system beside other open-source shops, which are installed from npm. Takes 20 minutes.')
    .option('--peers <names>', `the others (default: ${peerNames.join(',')})`, partsOf(peerNames))
    .addOption(peersFolderOption('they'))
    .option(
      '--rows <parts>',
      `only these rows: ${rowNames.join(', ')}; a piece of the name is enough`,
      partsOf(rowNames),
    )
    .option('--products <number>', 'products of each shop', wholeNumber(100, 100_000), COMPLETE.products)
    .option('--clients <number>', 'clients at the same time', wholeNumber(1, 64), COMPLETE.clients)
    .option('--rounds <number>', 'rounds, in which the shops take turns', wholeNumber(1, 1_000), COMPLETE.rounds)
    .addOption(secondsOption(COMPLETE.seconds))
    .action(({ peers, rows, ...flags }: Flags) =>
      run({
        ...flags,
        peers: peers ?? peerNames,
        rows: rows ?? rowNames,
        isComplete:
          rows === undefined &&
          (peers ?? peerNames).length === peerNames.length &&
          flags.products === COMPLETE.products &&
          flags.clients === COMPLETE.clients &&
          flags.rounds >= COMPLETE.rounds &&
          flags.seconds >= COMPLETE.seconds,
      }),
    );
}
