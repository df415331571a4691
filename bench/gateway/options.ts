import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';
import { partsOf, peersFolderOption, secondsOption, wholeNumbers } from '../options.ts';
import { rowNames, type RowName } from './operations.ts';

/** The gateways that ours can be compared with. */
export const peerNames = ['fallback', 'stock', 'grafbase', 'hive'] as const;
export type PeerName = (typeof peerNames)[number];

export interface GatewayOptions {
  /** Measured seconds of each gateway in each round of a row. */
  readonly seconds: number;
  readonly rounds: number;
  readonly rows: readonly RowName[];
  readonly peers: readonly PeerName[];
  /** The folder where gateways of other projects are installed. */
  readonly peersFolder: string;
  /** Numbers of concurrent requests, ascending. */
  readonly connections: readonly number[];
  /** True for the whole benchmark. Only its results are written into the documentation. */
  readonly isComplete: boolean;
}

const COMPLETE = { seconds: 4, rounds: 5, connections: [16, 64] } as const;
const DEFAULT_PEERS: readonly PeerName[] = ['fallback', 'stock'];

interface Flags {
  readonly seconds: number;
  readonly rounds: number;
  readonly rows?: readonly RowName[];
  readonly peers?: readonly PeerName[];
  readonly peersFolder: string;
  readonly connections?: readonly number[];
}

/** Adds the command `gateway`. */
export function addGateway(program: ShopCommand, run: (options: GatewayOptions) => Promise<void>): void {
  program
    .command('gateway')
    .description('Measure the gateway beside other gateways, each on one core. Takes 25 minutes with all of them.')
    .option(
      '--peers <names>',
      'the others: fallback (this gateway with GATEWAY_ENGINE=stock), stock (@apollo/gateway with Apollo Server), grafbase and hive, ' +
        `which are installed from npm into the folder of peers (default: ${DEFAULT_PEERS.join(',')})`,
      partsOf(peerNames),
    )
    .addOption(peersFolderOption('grafbase and hive'))
    .option(
      '--rows <parts>',
      `only these rows: ${rowNames.join(', ')}; a piece of the name is enough`,
      partsOf(rowNames),
    )
    .option(
      '--connections <numbers>',
      `numbers of concurrent requests (default: ${COMPLETE.connections.join(',')})`,
      wholeNumbers(1, 1_000),
    )
    .option('--rounds <number>', 'rounds, in which the gateways take turns', wholeNumber(1, 1_000), COMPLETE.rounds)
    .addOption(secondsOption(COMPLETE.seconds))
    .action(({ seconds, rounds, rows, peers, peersFolder, connections }: Flags) =>
      run({
        seconds,
        rounds,
        rows: rows ?? rowNames,
        peers: peers ?? DEFAULT_PEERS,
        peersFolder,
        connections: connections ?? COMPLETE.connections,
        isComplete:
          rows === undefined &&
          connections === undefined &&
          peers?.length === peerNames.length &&
          seconds >= COMPLETE.seconds &&
          rounds >= COMPLETE.rounds,
      }),
    );
}
