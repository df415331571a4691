import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readNdjson } from './read-ndjson.ts';
import { readText } from './read-text.ts';
import type { CatalogueFile } from './format.ts';
import type { SourceRow } from './source-row.ts';

/** Reads the rows of a file one at a time: a file of any size needs little memory. */
export function readRows(
  { path, format, delimiter }: CatalogueFile,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<SourceRow> {
  const text = readText(path, onBytes);
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
