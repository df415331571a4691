import { stat } from 'node:fs/promises';
import type { Terminal } from '../../command-line/terminal.ts';
import type { CatalogueApi } from '../api/open-api.ts';
import type { CatalogueFile } from '../files/format.ts';
import { readRows } from '../files/read-rows.ts';
import { type ImportCounts, type ImportOptions, importRows, type RefusedRow } from './import-rows.ts';

/** Imports a file. Refused rows and progress go to the terminal's standard error. @returns the outcome of the rows */
export async function runImport(
  file: CatalogueFile,
  options: ImportOptions,
  api: CatalogueApi,
  terminal: Terminal,
): Promise<ImportCounts> {
  const total = await countRowsOf(file);
  let latest: Readonly<ImportCounts> | undefined;
  try {
    return await importRows(readRows(file), api, options, {
      onRefusedRow: (row) => terminal.note(describeRefusedRow(row)),
      onProgress: (counts) => {
        latest = counts;
        const done = countRows(counts);
        terminal.progress({
          part: total === null ? null : done / total,
          text: `${done}${total === null ? '' : ` of ${total}`} rows: ${describeCounts(counts)}`,
        });
      },
    });
  } catch (error) {
    if (latest !== undefined) terminal.note(`Stopped after ${countRows(latest)} rows: ${describeCounts(latest)}.`);
    throw error;
  } finally {
    terminal.finish();
  }
}

/** The number of rows of a file; null for something that can be read only once, such as a pipe. */
async function countRowsOf(file: CatalogueFile): Promise<number | null> {
  const isFile = await stat(file.path).then(
    (found) => found.isFile(),
    () => true, // reading it reports what is wrong
  );
  if (!isFile) return null;
  let count = 0;
  for await (const _ of readRows(file)) count += 1;
  return count;
}

/** The result of an import as sentences. */
export function describeImport(counts: ImportCounts, isDryRun: boolean): string {
  return `${countRows(counts)} rows: ${describeCounts(counts)}.\n${describeConclusion(counts, isDryRun)}`;
}

export function countRows({ created, updated, unchanged, refused }: ImportCounts): number {
  return created + updated + unchanged + refused;
}

function describeRefusedRow({ number, line, sku, reason }: RefusedRow): string {
  const place = line === null ? `row ${number}` : `row ${number} (line ${line})`;
  return `${place}${sku === null ? '' : `, ${makePrintable(sku)}`}: ${makePrintable(reason)}`;
}

/** A file must not be able to move the cursor or colour the terminal. */
const makePrintable = (text: string) => text.replace(/\p{Cc}/gu, '\u{FFFD}');

function describeCounts({ created, updated, unchanged, refused, categories }: ImportCounts): string {
  const made = categories === 0 ? '' : `, ${categories} categories made`;
  return `${created} created, ${updated} updated, ${unchanged} unchanged, ${refused} refused${made}`;
}

function describeConclusion({ created, updated, refused, categories }: ImportCounts, isDryRun: boolean): string {
  if (isDryRun) return 'This was a dry run: nothing was changed.';
  if (refused > 0) return 'The rows above were refused. Correct them and run it again: imported rows are left alone.';
  return created + updated + categories === 0 ? 'Everything is there already: nothing was changed.' : 'Done.';
}
