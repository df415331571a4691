import { Option } from 'commander';
import { type CatalogueApi, openCatalogueApi } from '../catalogue/api/open-api.ts';
import { findUrl, readAdminCredentials, readConfig } from '../catalogue/config.ts';
import { runExport } from '../catalogue/export/run-export.ts';
import { type CatalogueFile, type FileFormat, findFormat, FORMATS, parseDelimiter } from '../catalogue/files/format.ts';
import { countRows, describeImport, runImport } from '../catalogue/import/run-import.ts';
import { parseMapping } from '../catalogue/rows/mapping.ts';
import type { AddCommand, CommandContext } from '../command-line/context.ts';
import { exitCodes } from '../command-line/exit-codes.ts';
import { jsonOption, parseWith, wholeNumber } from '../command-line/options.ts';
import type { ShopCommand } from '../command-line/shop-command.ts';

interface CommonOptions {
  readonly admin?: true;
  readonly token?: string;
  readonly url?: string;
  readonly format?: FileFormat;
  readonly delimiter?: string;
  readonly json?: true;
}

const FILE_HELP = 'its name ends in .csv, .json (an array) or .ndjson (one object a line)';

export const addCatalogue: AddCommand = (shop, context) => {
  const catalogue = shop
    .command('catalogue')
    .description('Import products from a file, and export them into one, through the API.');
  addImport(catalogue, context);
  addExport(catalogue, context);
};

/** The options that import and export share. */
function addCommonOptions(command: ShopCommand): ShopCommand {
  return command
    .addOption(new Option('--admin', 'sign in as the administrator of the local system').conflicts('token'))
    .option('--token <token>', 'use this access token; the variable CATALOGUE_TOKEN does the same')
    .option('--url <url>', 'the API; that of the system that runs on DATA_DIR by default')
    .addOption(new Option('--format <format>', 'the format, if the name of the file does not say it').choices(FORMATS))
    .option(
      '--delimiter <character>',
      'of a CSV file; found in the file, and a comma in a new one',
      parseWith(parseDelimiter),
    )
    .addOption(jsonOption()) as ShopCommand;
}

interface ImportCommandOptions extends CommonOptions {
  readonly map: readonly string[];
  readonly currency?: string;
  readonly createCategories?: true;
  readonly setStock?: true;
  readonly concurrency: number;
  readonly dryRun?: true;
}

function addImport(catalogue: ShopCommand, context: CommandContext): void {
  const { terminal, setExitCode } = context;
  const command = addCommonOptions(catalogue.command('import'))
    .summary('import products from a file')
    .description(
      'Import products from a file. Products that exist are changed where they differ. Invalid rows are reported with their ' +
        'line number, all others are imported, and the exit code is 1. It is safe to run an import again.',
    )
    .argument('<file>', FILE_HELP)
    .option(
      '--map <target=source>',
      'the column or member of a value, for example name=title; repeat it for each. ' +
        'price.amount=price:decimal reads 19.99 instead of minor units, price.amount=price:decimal-comma reads 19,99',
      (text: string, before: readonly string[]) => [...before, text],
      [],
    )
    .option('--currency <code>', 'of rows that name no currency')
    .option('--create-categories', 'create categories that do not exist')
    .option('--set-stock', 'also set the stock of existing products to initialStock')
    .option('--concurrency <number>', 'requests at a time; each has up to 100 products', wholeNumber(1, 64), 3)
    .option('--dry-run', 'say what would be done, and change nothing')
    .addHelpText(
      'after',
      `
Examples:
  npm run catalogue -- import products.csv --admin
  npm run catalogue -- import list.json --admin --map name=title --map price.amount=price:decimal --currency USD`,
    )
    .action(async (path: string, options: ImportCommandOptions) => {
      const file = requireFile(command, path, options);
      const mapping = requireMapping(command, options.map);
      const isDryRun = options.dryRun === true;
      const importOptions = {
        mapping,
        currency: options.currency,
        createCategories: options.createCategories === true,
        setStock: options.setStock === true,
        concurrency: options.concurrency,
        isDryRun,
      };
      const counts = await runImport(file, importOptions, await openApi(command, options, context), terminal);
      terminal.print(
        options.json === true
          ? JSON.stringify({ rows: countRows(counts), ...counts, dryRun: isDryRun }, null, 2)
          : describeImport(counts, isDryRun),
      );
      if (counts.refused > 0) setExitCode(exitCodes.found);
    }) as ShopCommand;
}

function addExport(catalogue: ShopCommand, context: CommandContext): void {
  const { terminal } = context;
  const command = addCommonOptions(catalogue.command('export'))
    .summary('export all products into a file')
    .description('Export all products into a file, which appears when it is complete. It can be imported again.')
    .argument('<file>', FILE_HELP)
    .option('--all', 'products that are off sale as well')
    .addHelpText('after', `\nExample:\n  npm run catalogue -- export products.csv --admin --all`)
    .action(async (path: string, options: CommonOptions & { readonly all?: true }) => {
      const file = requireFile(command, path, options);
      const api = await openApi(command, options, context);
      const products = await runExport(file, options.all === true, api, terminal);
      terminal.print(
        options.json === true
          ? JSON.stringify({ products, file: path }, null, 2)
          : `${products} products are in ${path}.`,
      );
    }) as ShopCommand;
}

function requireFile(command: ShopCommand, path: string, { format, delimiter }: CommonOptions): CatalogueFile {
  const found = format ?? findFormat(path);
  if (found === undefined)
    command.error(`The format of "${path}" is unknown: use one of the endings ${FORMATS.join(', ')}, or --format.`);
  return { path, format: found, delimiter };
}

function requireMapping(command: ShopCommand, assignments: readonly string[]) {
  try {
    return parseMapping(assignments);
  } catch (error) {
    return command.error(`--map: ${(error as Error).message}`);
  }
}

async function openApi(
  command: ShopCommand,
  { admin, token, url }: CommonOptions,
  { env, signal }: CommandContext,
): Promise<CatalogueApi> {
  const config = readConfig(env);
  const endpoint = url ?? (await findUrl(config));
  if (!URL.canParse(endpoint)) command.error(`--url ${endpoint} is not a URL.`);
  if (admin === true)
    return openCatalogueApi({ url: endpoint, credentials: await readAdminCredentials(config), signal });
  const accessToken = token ?? config.token;
  if (accessToken === undefined)
    return command.error('Give --admin, or --token TOKEN of an account that may write products.');
  return openCatalogueApi({ url: endpoint, credentials: { token: accessToken }, signal });
}
