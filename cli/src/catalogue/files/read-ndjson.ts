import { type SourceRow, valuesOf } from './source-row.ts';

/** Rows of a text with a JSON object a line. Empty lines are no rows. */
export async function* readNdjson(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  let number = 0;
  let line = 0;
  for await (const content of linesOf(text)) {
    line += 1;
    if (content.trim() === '') continue;
    number += 1;
    yield readLine({ number, line }, content);
  }
}

function readLine(place: { number: number; line: number }, content: string): SourceRow {
  try {
    return valuesOf(place, JSON.parse(content));
  } catch (error) {
    return { ...place, error: `is not JSON: ${(error as Error).message}` };
  }
}

// Not node:readline: it takes U+2028 for the end of a line, which JSON allows within a string.
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
