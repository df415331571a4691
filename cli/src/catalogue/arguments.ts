import { parseArgs } from 'node:util';
import { Complaint } from './complaint.ts';
import { formatOf, type FileFormat } from './files/format.ts';
import { parseMapping, type Mapping } from './rows/mapping.ts';

export const USAGE = `Puts a file's products into the catalogue, or the catalogue into a file, through the API.

  npm run catalogue -- import FILE [options]
  npm run catalogue -- export FILE [options]

FILE ends in .csv, .json (an array) or .ndjson (an object a line).

  --admin                   as the administrator of the local system
  --token TOKEN             with this access token; or set CATALOGUE_TOKEN
  --url URL                 the API; http://127.0.0.1:GATEWAY_PORT/graphql by default
  --format csv|json|ndjson  whatever the file's name ends in
  --delimiter CHARACTER     of a CSV file; a comma by default

import:
  --map TARGET=SOURCE       which column or member a value is taken from, for example name=title. Again for each.
                            price.amount=price:decimal reads an amount such as 19.99 instead of minor units.
  --currency CODE           of rows that name none
  --create-categories       make the categories that are missing
  --set-stock               also move the stock of products that exist to initialStock
  --concurrency N           products at a time; 16 by default, 64 at most
  --dry-run                 say what would be done, and change nothing

export:
  --all                     products that are off sale as well`;

interface Common {
  readonly file: string;
  readonly format: FileFormat;
  readonly delimiter: string;
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly isAdmin: boolean;
}

export interface ImportOptions {
  readonly mapping: Mapping;
  readonly currency: string | undefined;
  readonly createCategories: boolean;
  readonly setStock: boolean;
  readonly concurrency: number;
  readonly isDryRun: boolean;
}

export type Command =
  | { readonly name: 'help' }
  | (Common & ImportOptions & { readonly name: 'import' })
  | (Common & { readonly name: 'export'; readonly includesOffSale: boolean });

const options = {
  admin: { type: 'boolean' },
  token: { type: 'string' },
  url: { type: 'string' },
  format: { type: 'string' },
  delimiter: { type: 'string' },
  map: { type: 'string', multiple: true },
  currency: { type: 'string' },
  'create-categories': { type: 'boolean' },
  'set-stock': { type: 'boolean' },
  concurrency: { type: 'string' },
  'dry-run': { type: 'boolean' },
  all: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
const importOnly = ['map', 'currency', 'create-categories', 'set-stock', 'concurrency', 'dry-run'] as const;

/** @throws Complaint with the usage when the arguments make no sense. */
export function parseCommand(args: readonly string[]): Command {
  try {
    return parse(args);
  } catch (error) {
    throw new Complaint(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function parse(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [name, file, ...rest] = positionals;
  if (values.help === true || name === undefined) return { name: 'help' };
  if (name !== 'import' && name !== 'export') throw new Error(`There is no command "${name}".`);
  if (file === undefined || rest.length > 0) throw new Error(`${name} takes one file.`);
  if (values.admin === true && values.token !== undefined) throw new Error('Either --admin or --token.');
  const common: Common = {
    file,
    format: formatOf(file, values.format),
    delimiter: delimiterOf(values.delimiter),
    url: values.url,
    token: values.token,
    isAdmin: values.admin === true,
  };
  if (name === 'export') {
    const misplaced = importOnly.find((option) => values[option] !== undefined);
    if (misplaced !== undefined) throw new Error(`--${misplaced} belongs to import.`);
    return { ...common, name, includesOffSale: values.all === true };
  }
  if (values.all !== undefined) throw new Error('--all belongs to export.');
  return {
    ...common,
    name,
    mapping: parseMapping(values.map ?? []),
    currency: values.currency,
    createCategories: values['create-categories'] === true,
    setStock: values['set-stock'] === true,
    concurrency: concurrencyOf(values.concurrency),
    isDryRun: values['dry-run'] === true,
  };
}

function delimiterOf(given = ','): string {
  const delimiter = given === '\\t' || given === 'tab' ? '\t' : given;
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) throw new Error('--delimiter is one character, or tab.');
  return delimiter;
}

function concurrencyOf(given = '16'): number {
  const concurrency = /^\d{1,2}$/.test(given) ? Number(given) : 0;
  if (concurrency < 1 || concurrency > 64) throw new Error('--concurrency is from 1 to 64.');
  return concurrency;
}
