import { wholeNumber } from '../../cli/src/command-line/options.ts';
import type { ShopCommand } from '../../cli/src/command-line/shop-command.ts';

export interface ImportOptions {
  /** Rows of the file. */
  readonly products: number;
}

/** Adds the command `import`. */
export function addImport(program: ShopCommand, run: (options: ImportOptions) => Promise<void>): void {
  program
    .command('import')
    .description('Import a file of new products, and then the same file again. Takes three minutes.')
    .option('--products <number>', 'rows of the file', wholeNumber(100, 10_000_000), 100_000)
    .action((options: ImportOptions) => run(options));
}
