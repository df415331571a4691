/** A part of a script, in the order of the script. */
export type ScriptPart =
  /** Statements, as text that can be sent in one query. */
  | { readonly kind: 'sql'; readonly text: string }
  /** The rows of a table begin. `statement` is its `COPY … FROM stdin`. */
  | { readonly kind: 'copy'; readonly table: string; readonly statement: string }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  /** The rows of the table are complete. */
  | { readonly kind: 'end'; readonly table: string; readonly rows: number };

const NEWLINE = 0x0a;
const copyLine = /^COPY (?:(?:"(?:[^"]|"")*"|[\w$]+)\.)?("(?:[^"]|"")*"|[\w$]+) (?:\(.*\) )?FROM stdin;$/;
const endOfRows = Buffer.from('\\.\n');

/**
 * Divides a script of SQL with rows, as `pg_dump` writes it and psql reads it, without ever holding a whole table. It counts the rows.
 */
export class ScriptScanner {
  /** Text after the last complete line. */
  #rest: Buffer = Buffer.alloc(0);
  #sql: string[] = [];
  #table: string | undefined;
  #rows = 0;

  /** The parts that the next bytes complete. */
  *push(chunk: Buffer): Generator<ScriptPart> {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length > 0) {
      const used: number = this.#table === undefined ? yield* this.#readLine(bytes) : yield* this.#readRows(bytes);
      if (used === 0) break;
      bytes = bytes.subarray(used);
    }
    this.#rest = bytes;
  }

  /** The last part. @throws Error when the script ends within the rows of a table. */
  *end(): Generator<ScriptPart> {
    if (this.#table !== undefined) throw new Error(`the script ends within the rows of ${this.#table}`);
    yield* this.#flush(this.#rest.toString('utf8'));
  }

  /** Reads one line of SQL. @returns the number of bytes that it used. */
  *#readLine(bytes: Buffer): Generator<ScriptPart, number> {
    const end = bytes.indexOf(NEWLINE);
    if (end === -1) return 0;
    const line = bytes.toString('utf8', 0, end);
    const table = copyLine.exec(line)?.[1];
    if (table !== undefined) {
      yield* this.#flush('');
      this.#table = table.startsWith('"') ? table.slice(1, -1).replaceAll('""', '"') : table;
      this.#rows = 0;
      yield { kind: 'copy', table: this.#table, statement: line };
    } else if (!line.startsWith('\\')) {
      // A line with a backslash is a command to psql, such as \restrict.
      this.#sql.push(line);
    }
    return end + 1;
  }

  /** Reads whole rows up to the end of the bytes or of the table. @returns the number of bytes that it used. */
  *#readRows(bytes: Buffer): Generator<ScriptPart, number> {
    let at = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, at);
      if (end === -1) break;
      if (end - at === 2 && bytes.compare(endOfRows, 0, 3, at, end + 1) === 0) {
        const table = this.#table as string;
        if (at > 0) yield { kind: 'data', bytes: bytes.subarray(0, at) };
        this.#table = undefined;
        yield { kind: 'end', table, rows: this.#rows };
        return end + 1;
      }
      this.#rows += 1;
      at = end + 1;
    }
    if (at > 0) yield { kind: 'data', bytes: bytes.subarray(0, at) };
    return at;
  }

  *#flush(last: string): Generator<ScriptPart> {
    const text = [...this.#sql, last].join('\n');
    this.#sql = [];
    if (text.trim() !== '') yield { kind: 'sql', text };
  }
}
