/** No row is longer. A quote that is never closed would otherwise read the rest of the file into memory. */
const MAX_ROW_CHARACTERS = 1024 * 1024;

/** A row of cells, or the reason why it has none. Lines count from 1. */
export type CsvRecord = { readonly line: number } & (
  | { readonly cells: readonly string[] }
  | { readonly error: string }
);

/**
 * Splits CSV (RFC 4180) into rows. Empty lines are skipped. A row with a misplaced quote is reported at the line on which it begins, and
 * reading goes on at the next line. A quote that is never closed is reported at its own line, and nothing after it can be read.
 */
export async function* splitCsv(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<CsvRecord> {
  const splitter = new CsvSplitter(delimiter);
  for await (const piece of text) {
    yield* splitter.read(piece);
    if (splitter.isTooLong()) break;
  }
  yield* splitter.end();
}

type State = 'cell begins' | 'plain' | 'quoted' | 'quote closed' | 'broken';

class CsvSplitter {
  private state: State = 'cell begins';
  private cell = '';
  private cells: string[] = [];
  private size = 0;
  private line = 1;
  private rowLine = 1;
  private quoteLine = 1;
  private wasCarriageReturn = false;
  private reason = '';

  private readonly delimiter: string;

  constructor(delimiter: string) {
    this.delimiter = delimiter;
  }

  *read(piece: string): Generator<CsvRecord> {
    for (const character of piece) {
      const endsPair = character === '\n' && this.wasCarriageReturn;
      this.wasCarriageReturn = character === '\r';
      const isBreak = character === '\n' || character === '\r';
      if (this.state === 'quoted') {
        if (isBreak && !endsPair) this.line += 1;
        this.readQuoted(character);
      } else if (!isBreak) this.readCharacter(character);
      else if (!endsPair) {
        yield* this.endRow();
        this.line += 1;
        this.rowLine = this.line;
      }
      this.size += 1;
      if (this.isTooLong()) return;
    }
  }

  *end(): Generator<CsvRecord> {
    if (this.state === 'quoted' || this.isTooLong()) {
      const [line, reason] =
        this.state === 'quoted' ? [this.quoteLine, 'a quote is never closed'] : [this.rowLine, 'it is too long'];
      yield { line, error: `${reason}, so nothing after it can be read` };
    } else yield* this.endRow();
  }

  isTooLong(): boolean {
    return this.size > MAX_ROW_CHARACTERS;
  }

  private readQuoted(character: string): void {
    if (character === '"') this.state = 'quote closed';
    else this.cell += character;
  }

  private readCharacter(character: string): void {
    const { state } = this;
    if (state === 'broken') return;
    if (character === this.delimiter) this.endCell();
    else if (character === '"' && state === 'quote closed') {
      this.cell += character;
      this.state = 'quoted';
    } else if (character === '"' && state === 'cell begins') {
      this.state = 'quoted';
      this.quoteLine = this.line;
    } else if (character === '"') this.break('has a quote within a cell that does not begin with one');
    else if (state === 'quote closed')
      this.break(`has text after the quote that closes the cell of line ${this.quoteLine}`);
    else {
      this.cell += character;
      this.state = 'plain';
    }
  }

  private break(reason: string): void {
    this.state = 'broken';
    this.reason = reason;
  }

  private endCell(): void {
    this.cells.push(this.cell);
    this.cell = '';
    this.state = 'cell begins';
  }

  private *endRow(): Generator<CsvRecord> {
    const { rowLine: line, state, reason } = this;
    const isEmpty = state === 'cell begins' && this.cells.length === 0;
    this.endCell();
    const { cells } = this;
    this.cells = [];
    this.size = 0;
    if (state === 'broken') yield { line, error: reason };
    else if (!isEmpty) yield { line, cells };
  }
}
