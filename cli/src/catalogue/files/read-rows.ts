import { ExpectedError } from '@shop/process';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readNdjson } from './read-ndjson.ts';
import { readText } from './read-text.ts';
import type { CatalogueFile } from './format.ts';
import type { SourceRow } from './source-row.ts';

/**
 * Reads the rows of a file one at a time: a file of any size needs little memory.
 *
 * @throws ExpectedError when the file is empty
 */
export function readRows({ path, format, delimiter }: CatalogueFile): AsyncGenerator<SourceRow> {
  const text = requireContent(path, readText(path));
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

async function* requireContent(path: string, text: AsyncIterable<string>): AsyncGenerator<string> {
  let isEmpty = true;
  for await (const piece of text) {
    isEmpty &&= piece.trim() === '';
    yield piece;
  }
  if (isEmpty) throw new ExpectedError(`${path} is empty: it has neither a heading nor rows.`);
}
