import { Readable } from 'node:stream';
import { ExpectedError } from '@shop/process';
import { type CsvError, type InfoRecord, parse } from 'csv-parse';
import type { SourceRow } from './source-row.ts';

/** No row is longer. A quote that is never closed would otherwise read the rest of the file into memory. */
const MAX_ROW_BYTES = 1024 * 1024;

/** Reads the rows of a CSV text. Its first line has the names of the columns, and empty lines are skipped. */
export async function* readCsv(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<SourceRow> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    skip_records_with_error: true,
  });
  // The parser skips a row with a misplaced quote, and reports it here.
  const skipped: CsvError[] = [];
  parser.on('skip', (error: CsvError) => skipped.push(error));
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);

  let header: readonly string[] | null = null;
  let reported = 0;
  let countedTwice = 0;
  const reportSkippedBefore = function* (line: number): Generator<SourceRow> {
    for (; reported < skipped.length && Number(skipped[reported]?.['lines']) < line; reported += 1)
      yield describeSkippedRow(skipped[reported], reported, countedTwice);
  };
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: InfoRecord }>) {
      if (header === null) {
        header = requireHeader(record);
        continue;
      }
      yield* reportSkippedBefore(info.lines);
      // The parser says on which line a record ends. Within quotes it counts CR LF as two lines.
      countedTwice += countMatches(record, /\r\n/g);
      const line = info.lines - countedTwice - countMatches(record, /\r\n|\n|\r/g);
      yield readRecord(header, record, { number: info.records - 1 + reported, line });
    }
    yield* reportSkippedBefore(Infinity);
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

/** The parser counts the heading as a record, and does not count skipped records. */
function describeSkippedRow(error: CsvError | undefined, skippedBefore: number, countedTwice: number): SourceRow {
  const isOpen = error?.code === 'CSV_QUOTE_NOT_CLOSED' || error?.code === 'CSV_MAX_RECORD_SIZE';
  const reason = isOpen ? 'a quote is never closed, so nothing after it can be read' : String(error?.message);
  return {
    number: Number(error?.['records']) + skippedBefore,
    line: Number(error?.['lines']) - countedTwice,
    error: reason,
  };
}

function countMatches(record: readonly string[], pattern: RegExp): number {
  return record.reduce((count, cell) => count + (cell.match(pattern)?.length ?? 0), 0);
}

function requireHeader(names: readonly string[]): readonly string[] {
  const trimmed = names.map((name) => name.trim());
  const twice = trimmed.find((name, index) => trimmed.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ExpectedError(`The file has the column "${twice}" twice. Remove or rename one of them.`);
  return trimmed;
}
