import { JSONParser, TokenType } from '@streamparser/json';
import { type SourceRow, toSourceRow } from './source-row.ts';

/** Reads the rows of a text that is one JSON array of objects. The array is never in memory as a whole. */
export async function* readJson(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  const ready: SourceRow[] = [];
  const lines = new LineCounter();
  let number = 0;
  let line = 1;
  let depth = 0;
  let hasArray = false;
  let failure: string | null = null;
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false });
  parser.onToken = ({ token, offset }) => {
    // A row begins with the first token within the array.
    if (depth === 1) line = lines.countTo(offset);
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) depth += 1;
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) depth -= 1;
  };
  parser.onValue = ({ value, key }) => {
    if (typeof key !== 'number') throw new Error('is not an array');
    number += 1;
    ready.push(toSourceRow({ number, line }, value));
  };
  parser.onError = ({ message }) => void (failure ??= message);

  for await (const piece of text) {
    if (!hasArray && piece.trim() !== '') {
      hasArray = piece.trimStart().startsWith('[');
      if (!hasArray) failure = 'the file is not a JSON array';
    }
    const bytes = Buffer.from(piece);
    lines.add(bytes);
    if (failure === null) write(parser, bytes);
    yield* ready.splice(0);
    if (failure !== null) break;
  }
  if (failure === null && !parser.isEnded) failure = 'the array is never closed';
  if (failure !== null)
    yield { number: number + 1, line, error: `cannot be read, nor anything after it: ${String(failure)}` };
}

/** Counts the lines of a text up to a byte of it. Bytes are asked for in ascending order. */
class LineCounter {
  private breaks: number[] = [];
  private read = 0;
  private line = 1;

  add(bytes: Buffer): void {
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) this.breaks.push(this.read + at);
    this.read += bytes.length;
  }

  countTo(offset: number): number {
    const passed = this.breaks.findIndex((at) => at >= offset);
    const count = passed < 0 ? this.breaks.length : passed;
    if (count > 0) this.breaks.splice(0, count);
    this.line += count;
    return this.line;
  }
}

function write(parser: JSONParser, piece: Uint8Array): void {
  try {
    parser.write(piece);
  } catch (error) {
    parser.onError(error as Error); // after the end of the array it throws instead of reporting
  }
}
