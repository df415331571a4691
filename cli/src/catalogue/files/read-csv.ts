import { Readable } from 'node:stream';
import { type CsvError, type InfoRecord, parse } from 'csv-parse';
import { Complaint } from '../complaint.ts';
import type { SourceRow } from './source-row.ts';

/** No row of products is longer; a quote that is never closed would otherwise take the rest of the file into memory. */
const MAX_ROW_BYTES = 1024 * 1024;

/** Rows of a CSV text whose first line has the columns' names. Empty lines are no rows. */
export async function* readCsv(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<SourceRow> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    skip_records_with_error: true,
  });
  // A row with a quote where none may be is left out, and the parser tells of it here.
  const skipped: CsvError[] = [];
  parser.on('skip', (error: CsvError) => skipped.push(error));
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);

  let header: readonly string[] | null = null;
  let told = 0;
  let countedTwice = 0;
  const skippedUpTo = function* (line: number): Generator<SourceRow> {
    for (; told < skipped.length && Number(skipped[told]?.['lines']) < line; told += 1)
      yield describeSkipped(skipped[told], told, countedTwice);
  };
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: InfoRecord }>) {
      if (header === null) {
        header = requireHeader(record);
        continue;
      }
      yield* skippedUpTo(info.lines);
      // Within quotes the parser counts CR LF as two lines, and it tells where a record ends.
      countedTwice += countIn(record, /\r\n/g);
      const line = info.lines - countedTwice - countIn(record, /\r\n|\n|\r/g);
      yield readRecord(header, record, { number: info.records - 1 + told, line });
    }
    yield* skippedUpTo(Infinity);
  } finally {
    source.destroy();
  }
}

function readRecord(
  header: readonly string[],
  record: readonly string[],
  place: { number: number; line: number },
): SourceRow {
  if (record.length !== header.length) {
    return { ...place, error: `has ${record.length} columns, and the heading has ${header.length}` };
  }
  return { ...place, values: Object.fromEntries(header.map((name, index) => [name, record[index]])) };
}

/** The parser counts the heading as a record, and does not count those that it has skipped. */
function describeSkipped(error: CsvError | undefined, skippedBefore: number, countedTwice: number): SourceRow {
  const isOpen = error?.code === 'CSV_QUOTE_NOT_CLOSED' || error?.code === 'CSV_MAX_RECORD_SIZE';
  const reason = isOpen ? 'a quote is never closed, so that nothing after it can be read' : String(error?.message);
  return {
    number: Number(error?.['records']) + skippedBefore,
    line: Number(error?.['lines']) - countedTwice,
    error: reason,
  };
}

function countIn(record: readonly string[], pattern: RegExp): number {
  return record.reduce((count, cell) => count + (cell.match(pattern)?.length ?? 0), 0);
}

function requireHeader(names: readonly string[]): readonly string[] {
  const trimmed = names.map((name) => name.trim());
  const twice = trimmed.find((name, index) => trimmed.indexOf(name) !== index);
  if (twice !== undefined) throw new Complaint(`The column "${twice}" is there twice.`);
  return trimmed;
}
