import { Option } from 'commander';
import { wholeNumber } from '../../cli/src/command-line/options.ts';
import { ShopCommand } from '../../cli/src/command-line/shop-command.ts';
import { damageNames, type DamageName } from './damage.ts';

export interface PowerCutOptions {
  readonly cuts: number;
  /** The seed of all random decisions. */
  readonly seed: number;
  /** Path of a nats-server. `null` picks the one that `npm start` picks. */
  readonly nats: string | null;
  /** The damage to a file of the broker in the copy; `none` leaves the copy as the power cut left it. */
  readonly damage: DamageName | 'none';
  /** True keeps the disks of a failed cut. */
  readonly keep: boolean;
}

/** The command line of `npm run test:powercut`. `newSeed` draws the default seed. */
export function createPowerCutProgram(
  newSeed: () => number,
  run: (options: PowerCutOptions) => Promise<void>,
): ShopCommand {
  const program = new ShopCommand('npm run test:powercut --').exitOverride();
  program
    .description('Cut the power of a loaded system at random moments, start it again, and check that nothing is lost.')
    .option('--cuts <number>', 'power cuts, 1 to 1000', wholeNumber(1, 1_000), 20)
    .option(
      '--seed <number>',
      'repeats the moments and journeys of a run (default: a new seed)',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option('--nats <path>', 'nats-server to use (default: the one that npm start uses)')
    .addOption(
      new Option('--damage <kind>', 'also damages one file of the broker before the restart')
        .choices(['none', ...damageNames])
        .default('none'),
    )
    .option('--keep', 'keeps the disks of a failed cut', false)
    .action(({ seed, nats, ...options }: Omit<PowerCutOptions, 'seed' | 'nats'> & Partial<PowerCutOptions>) =>
      run({ ...options, seed: seed ?? newSeed(), nats: nats ?? null }),
    );
  return program;
}
