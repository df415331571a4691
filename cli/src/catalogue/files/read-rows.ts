import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readNdjson } from './read-ndjson.ts';
import { readText } from './read-text.ts';
import type { FileFormat } from './format.ts';
import type { SourceRow } from './source-row.ts';

/** A file's rows, one at a time: a file of any size takes the memory of a few. */
export function readRows(
  { file, format, delimiter }: { file: string; format: FileFormat; delimiter: string },
  onBytes?: (bytes: number) => void,
): AsyncGenerator<SourceRow> {
  const text = readText(file, onBytes);
  switch (format) {
    case 'csv':
      return readCsv(text, delimiter);
    case 'json':
      return readJson(text);
    case 'ndjson':
      return readNdjson(text);
    default:
      return format satisfies never;
  }
}
