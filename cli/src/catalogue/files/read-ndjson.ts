import { type SourceRow, toSourceRow } from './source-row.ts';

/** Reads the rows of a text with one JSON object a line. Empty lines are skipped. */
export async function* readNdjson(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  let number = 0;
  let line = 0;
  for await (const content of splitLines(text)) {
    line += 1;
    if (content.trim() === '') continue;
    number += 1;
    yield readLine({ number, line }, content);
  }
}

function readLine(place: { number: number; line: number }, content: string): SourceRow {
  try {
    return toSourceRow(place, JSON.parse(content));
  } catch (error) {
    return { ...place, error: `is not JSON: ${(error as Error).message}` };
  }
}

// node:readline does not fit: it ends a line at U+2028, which JSON allows within a string.
async function* splitLines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
