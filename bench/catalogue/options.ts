import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';
import { partsOf, secondsOption, wholeNumbers } from '../options.ts';
import { caseNames, type CaseName } from './cases.ts';

export interface CatalogueOptions {
  /** Numbers of products, ascending. */
  readonly sizes: readonly number[];
  /** Measured seconds of each kind of query at each size. */
  readonly seconds: number;
  /** The kinds of query to measure. */
  readonly only: readonly CaseName[];
  /** True to print the SQL statements of one request of each kind. */
  readonly showSql: boolean;
  /** True for the whole benchmark. Only its results are written into the documentation. */
  readonly isComplete: boolean;
}

const COMPLETE = { sizes: [1_000, 10_000, 100_000], seconds: 3 } as const;

interface Flags {
  readonly sizes?: readonly number[];
  readonly seconds: number;
  readonly only?: readonly CaseName[];
  readonly sql?: boolean;
}

/** Adds the command `catalogue`. */
export function addCatalogue(program: ShopCommand, run: (options: CatalogueOptions) => Promise<void>): void {
  program
    .command('catalogue')
    .description('Read catalogues of several sizes. Takes about seven minutes. Fails when a query slows down too much.')
    .option(
      '--sizes <numbers>',
      `numbers of products (default: ${COMPLETE.sizes.join(',')})`,
      wholeNumbers(100, 1_000_000),
    )
    .addOption(secondsOption(COMPLETE.seconds))
    .option(
      '--only <parts>',
      `only these kinds of query: ${caseNames.join(', ')}; a piece of the name is enough`,
      partsOf(caseNames),
    )
    .option('--sql', 'print the SQL statements of one request of each kind')
    .action((flags: Flags) =>
      run({
        sizes: flags.sizes ?? COMPLETE.sizes,
        seconds: flags.seconds,
        only: flags.only ?? caseNames,
        showSql: flags.sql ?? false,
        isComplete: flags.sizes === undefined && flags.only === undefined && flags.seconds >= COMPLETE.seconds,
      }),
    );
}
