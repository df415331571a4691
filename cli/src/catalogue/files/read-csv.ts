import { ExpectedError } from '@shop/process';
import type { SourceRow } from './source-row.ts';
import { splitCsv } from './split-csv.ts';

const DELIMITERS = [',', ';', '\t', '|'];

/**
 * Reads the rows of a CSV text. Its first line has the names of the columns. A line such as `sep=;` before it, as spreadsheets write it,
 * names the delimiter.
 *
 * @param delimiter - Undefined: the one of the `sep` line, else the one that the line of names has most often.
 */
export async function* readCsv(text: AsyncIterable<string>, delimiter?: string): AsyncGenerator<SourceRow> {
  const { firstLine, whole } = await readFirstLine(text);
  const separator = /^sep=(.)$/i.exec(firstLine)?.[1];
  let isHeadingNext = true;
  let isSeparatorNext = separator !== undefined;
  let header: readonly string[] = [];
  let number = 0;
  for await (const record of splitCsv(whole, delimiter ?? separator ?? findDelimiter(firstLine))) {
    if (isSeparatorNext) {
      isSeparatorNext = false;
      continue;
    }
    if (isHeadingNext) {
      isHeadingNext = false;
      header = requireHeader('error' in record ? [] : record.cells, 'error' in record ? record.error : undefined);
      continue;
    }
    number += 1;
    yield 'error' in record ? { number, ...record } : readRecord(header, record.cells, { number, line: record.line });
  }
}

/** The first line that is not empty, and the text from its beginning. */
async function readFirstLine(
  text: AsyncIterable<string>,
): Promise<{ firstLine: string; whole: AsyncIterable<string> }> {
  const iterator = text[Symbol.asyncIterator]();
  let head = '';
  let line: string | undefined;
  for (;;) {
    const { value, done } = await iterator.next();
    if (done !== true) head += value;
    line = /^[\r\n]*([^\r\n]+)[\r\n]/.exec(head)?.[1];
    if (done === true || line !== undefined) break;
  }
  async function* whole() {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { firstLine: line ?? head.trim(), whole: whole() };
}

function findDelimiter(line: string): string {
  const outsideQuotes = line.replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => outsideQuotes.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function readRecord(
  header: readonly string[],
  cells: readonly string[],
  place: { number: number; line: number },
): SourceRow {
  if (cells.length !== header.length) {
    return { ...place, error: `has ${cells.length} columns, and the heading has ${header.length}` };
  }
  return { ...place, values: Object.fromEntries(header.map((name, index) => [name, cells[index]])) };
}

function requireHeader(names: readonly string[], error?: string): readonly string[] {
  if (error !== undefined) throw new ExpectedError(`The line with the names of the columns ${error}.`);
  const trimmed = names.map((name) => name.trim());
  const keys = trimmed.map((name) => name.toLowerCase());
  const twice = trimmed.find((_, index) => keys.indexOf(keys[index] ?? '') !== index);
  if (twice !== undefined)
    throw new ExpectedError(`The file has the column "${twice}" twice. Remove or rename one of them.`);
  return trimmed;
}
