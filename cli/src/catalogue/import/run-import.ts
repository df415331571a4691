import { stat } from 'node:fs/promises';
import type { Api } from '../api/api.ts';
import type { Command } from '../arguments.ts';
import { readRows } from '../files/read-rows.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type BadRow, type Counts, importRows } from './import-rows.ts';

type ImportCommand = Extract<Command, { name: 'import' }>;

/** Imports a file and tells the person how it goes. @returns how many rows were refused. */
export async function runImport(command: ImportCommand, api: Api, terminal: Terminal): Promise<number> {
  const size = await stat(command.file).then(
    (found) => found.size,
    () => 0,
  );
  let bytes = 0;
  const counts = await importRows(
    readRows(command, (some) => (bytes += some)),
    api,
    command,
    {
      onBadRow: (row) => terminal.line(describe(row)),
      onProgress: (soFar) =>
        terminal.progress({ part: size === 0 ? 1 : bytes / size, done: totalOf(soFar), text: summaryOf(soFar) }),
    },
  );
  terminal.finish();
  terminal.say(`${totalOf(counts)} rows: ${summaryOf(counts)}.`);
  terminal.say(conclusionOf(counts, command.isDryRun));
  return counts.refused;
}

function describe({ number, line, sku, reason }: BadRow): string {
  const place = line === null ? `row ${number}` : `row ${number} (line ${line})`;
  return `${place}${sku === null ? '' : `, ${printable(sku)}`}: ${printable(reason)}`;
}

/** A file must not be able to move the cursor or colour the terminal. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, '\u{FFFD}');

function totalOf({ created, updated, unchanged, refused }: Counts): number {
  return created + updated + unchanged + refused;
}

function summaryOf({ created, updated, unchanged, refused, categories }: Counts): string {
  const made = categories === 0 ? '' : `, ${categories} categories made`;
  return `${created} created, ${updated} updated, ${unchanged} unchanged, ${refused} refused${made}`;
}

function conclusionOf({ created, updated, refused, categories }: Counts, isDryRun: boolean): string {
  if (isDryRun) return 'This was a dry run: nothing was changed.';
  if (refused > 0) return 'The rows above were refused. Mend them and run it again: what went in is left alone.';
  return created + updated + categories === 0 ? 'Everything is there already: nothing was changed.' : 'Done.';
}
