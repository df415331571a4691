import { JSONParser } from '@streamparser/json';
import { type SourceRow, toSourceRow } from './source-row.ts';

/** Reads the rows of a text that is one JSON array of objects. The array is never in memory as a whole. */
export async function* readJson(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  const ready: SourceRow[] = [];
  let number = 0;
  let hasArray = false;
  let failure: string | null = null;
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false });
  parser.onValue = ({ value, key }) => {
    if (typeof key !== 'number') throw new Error('is not an array');
    number += 1;
    ready.push(toSourceRow({ number, line: null }, value));
  };
  parser.onError = ({ message }) => void (failure ??= message);

  for await (const piece of text) {
    if (!hasArray && piece.trim() !== '') {
      hasArray = piece.trimStart().startsWith('[');
      if (!hasArray) failure = 'the file is not a JSON array';
    }
    if (failure === null) write(parser, piece);
    yield* ready.splice(0);
    if (failure !== null) break;
  }
  if (failure === null && !parser.isEnded) failure = 'the array is never closed';
  if (failure !== null)
    yield { number: number + 1, line: null, error: `cannot be read, nor anything after it: ${String(failure)}` };
}

function write(parser: JSONParser, piece: string): void {
  try {
    parser.write(piece);
  } catch (error) {
    parser.onError(error as Error); // after the end of the array it throws instead of reporting
  }
}
