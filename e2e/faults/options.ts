import { Option } from 'commander';
import { wholeNumber } from '../../cli/src/command-line/options.ts';
import { ShopCommand } from '../../cli/src/command-line/shop-command.ts';
import { plantNames, type PlantName } from './plant.ts';

export interface FaultOptions {
  /** The duration of the load under faults, in seconds. */
  readonly seconds: number;
  /** The seed of all random decisions. */
  readonly seed: number;
  /** The stock of the scarce product. */
  readonly units: number;
  /** The number of concurrent customers. */
  readonly workers: number;
  /** The number of replicas of each subgraph and of the gateway. */
  readonly replicas: number;
  /** A defect to plant, which the checks must find. */
  readonly plant: PlantName | null;
}

/** The command line of `npm run test:faults`. `newSeed` draws the default seed. */
export function createFaultsProgram(newSeed: () => number, run: (options: FaultOptions) => Promise<void>): ShopCommand {
  const program = new ShopCommand('npm run test:faults --').exitOverride();
  program
    .description(
      'Sell a scarce product to many customers while parts of the system are killed and frozen, then check that all data agrees.',
    )
    .option('--seconds <number>', 'duration of load and faults, 5 to 250', wholeNumber(5, 250), 230)
    .option(
      '--seed <number>',
      'repeats the faults and journeys of a run (default: a new seed)',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option('--units <number>', 'units of the scarce product, 1 to 10000', wholeNumber(1, 10_000), 100)
    .option('--workers <number>', 'parallel customers, 1 to 64', wholeNumber(1, 64), 24)
    .option('--replicas <number>', 'replicas of each subgraph and of the gateway, 1 to 3', wholeNumber(1, 3), 1)
    .addOption(new Option('--plant <name>', 'plants a defect, and fails unless the checks find it').choices(plantNames))
    .action(({ seed, plant, ...options }: Omit<FaultOptions, 'seed' | 'plant'> & Partial<FaultOptions>) =>
      run({ ...options, seed: seed ?? newSeed(), plant: plant ?? null }),
    );
  return program;
}
