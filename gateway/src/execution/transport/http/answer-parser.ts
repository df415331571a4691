import { HttpError } from './http-error.ts';

/** Gets the parts of one answer. */
export interface AnswerSink {
  /** @param headers The names are in lower case. The values of equal names are joined by a comma. */
  onHead(status: number, headers: ReadonlyMap<string, string>): void;
  /**
   * @param part Valid during the call only: its memory is used again.
   * @param isWhole True when the answer has no other part.
   */
  onBody(part: Buffer, isWhole: boolean): void;
}

/**
 * - `head`: the status line and the headers
 * - `sized`: a body whose length is known
 * - `rest`: a body that ends with the connection
 * - `size`, `chunk`, `gap`, `trailer`: the parts of a body in chunks
 * - `done`: the answer is complete
 */
type State = 'head' | 'sized' | 'rest' | 'size' | 'chunk' | 'gap' | 'trailer' | 'done';

const maxHeadBytes = 16 * 1024;
/** For the line with the size of a chunk, and for a trailer. */
const maxLineBytes = 4 * 1024;
const nothing = Buffer.alloc(0);
const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Lines end with CR LF. None of these stands alone. */
const strayControl = /\0|\r(?!\n)|(?<!\r)\n/;
/** Names of headers in lower case, by the names as servers write them. There are few. */
const knownNames = new Map<string, string>();
const MAX_KNOWN_NAMES = 1_000;

/** Reads the answers on a connection, one after the other (RFC 9112). It is strict: an answer that could be read in two ways is refused. */
export class AnswerParser {
  readonly #next: () => AnswerSink | undefined;
  #sink: AnswerSink | undefined;
  #state: State = 'done';
  /** The beginning of a line or of the head, of which the rest has not come. */
  #begun: Buffer = nothing;
  /** Missing bytes of a body or of a chunk. */
  #missing = 0;
  #hasBody = false;
  #keepAliveMs = 0;
  #pipelining: number | undefined;

  /** @param next called when an answer is complete. Returns who gets the one after it; undefined when none is expected now. */
  constructor(next: () => AnswerSink | undefined) {
    this.#next = next;
  }

  /** Begins to read an answer. */
  start(sink: AnswerSink): void {
    this.#sink = sink;
    this.#state = 'head';
    this.#hasBody = false;
  }

  get isDone(): boolean {
    return this.#state === 'done';
  }

  /** How long the server keeps the connection after this answer, in milliseconds. 0: it closes it. Infinity: it does not say. */
  get keepAliveMs(): number {
    return this.#keepAliveMs;
  }

  /** How many requests the server executes at the same time on this connection, by its last answer. Undefined before the first one. */
  get pipelining(): number | undefined {
    return this.#pipelining;
  }

  /**
   * Reads the bytes that came.
   *
   * @throws HttpError when they are no answer, or more than were expected
   */
  read(bytes: Buffer): void {
    const all = this.#begun.length === 0 ? bytes : Buffer.concat([this.#begun, bytes]);
    this.#begun = nothing;
    let at = 0;
    while (at < all.length) {
      const next = this.#step(all, at);
      if (next === undefined) {
        this.#begun = Buffer.from(all.subarray(at));
        return;
      }
      at = next;
      if (this.#state === 'done') {
        const sink = this.#next();
        if (sink !== undefined) this.start(sink);
      }
    }
  }

  /**
   * Reads the end of the connection.
   *
   * @returns false when an answer is not complete
   */
  readEnd(): boolean {
    if (this.#state === 'rest') this.#state = 'done';
    return this.#state === 'done';
  }

  /** Returns the place after what was read; undefined when the rest of it has not come. */
  #step(bytes: Buffer, at: number): number | undefined {
    switch (this.#state) {
      case 'head': {
        const end = bytes.indexOf('\r\n\r\n', at, 'latin1');
        if (isTooLong(bytes, at, end, maxHeadBytes)) throw new HttpError('the head of the answer is too long');
        if (end === -1) return undefined;
        this.#readHead(bytes.toString('latin1', at, end));
        return end + 4;
      }
      case 'sized':
        return this.#readBody(bytes, at, 'done');
      case 'rest':
        this.#pass(bytes.subarray(at), false);
        return bytes.length;
      case 'chunk':
        return this.#readBody(bytes, at, 'gap');
      case 'size':
      case 'gap':
      case 'trailer': {
        const end = bytes.indexOf('\r\n', at, 'latin1');
        if (isTooLong(bytes, at, end, maxLineBytes)) throw new HttpError('a line of the answer is too long');
        if (end === -1) return undefined;
        this.#readLine(bytes.toString('latin1', at, end));
        return end + 2;
      }
      case 'done':
        throw new HttpError('the server sent more than its answer');
    }
  }

  #readHead(head: string): void {
    const lines = head.split('\r\n');
    const match = statusLine.exec(lines[0] as string);
    if (match === null) throw new HttpError('the answer has no valid status line');
    if (strayControl.test(head)) throw new HttpError('the answer has a malformed header');
    const headers = new Map<string, string>();
    for (let index = 1; index < lines.length; index += 1) {
      const line = lines[index] as string;
      const colon = line.indexOf(':');
      const name = readName(line.slice(0, Math.max(0, colon)));
      const value = trimSpaces(line, colon + 1);
      const known = headers.get(name);
      headers.set(name, known === undefined ? value : `${known}, ${value}`);
    }
    const status = Number(match[2]);
    if (status === 101) throw new HttpError('the server changed the protocol');
    // Hints come before the answer itself.
    if (status < 200) return;
    this.#keepAliveMs = readKeepAlive(headers, match[1] === '0');
    this.#pipelining = readPipelining(headers);
    this.#state = this.#frame(status, headers);
    this.#sink?.onHead(status, headers);
  }

  /** Finds out where the body ends. */
  #frame(status: number, headers: ReadonlyMap<string, string>): State {
    const [coding, length] = [headers.get('transfer-encoding'), headers.get('content-length')];
    if (status === 204 || status === 304) return 'done';
    if (coding !== undefined) {
      if (length !== undefined) throw new HttpError('the answer has two lengths');
      if (coding.toLowerCase() !== 'chunked') throw new HttpError(`the answer has the coding "${coding}"`);
      return 'size';
    }
    if (length === undefined) {
      this.#keepAliveMs = 0;
      return 'rest';
    }
    if (!/^\d{1,15}$/.test(length)) throw new HttpError('the answer has a malformed length');
    this.#missing = Number(length);
    return this.#missing === 0 ? 'done' : 'sized';
  }

  #readBody(bytes: Buffer, at: number, next: State): number {
    const end = Math.min(at + this.#missing, bytes.length);
    this.#missing -= end - at;
    const isEnd = this.#missing === 0;
    if (isEnd) this.#state = next;
    this.#pass(bytes.subarray(at, end), isEnd && next === 'done' && !this.#hasBody);
    return end;
  }

  #readLine(line: string): void {
    if (this.#state === 'gap') {
      if (line !== '') throw new HttpError('a chunk of the answer is longer than it says');
      this.#state = 'size';
    } else if (this.#state === 'trailer') {
      if (line === '') this.#state = 'done';
    } else {
      const size = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1];
      if (size === undefined) throw new HttpError('a chunk of the answer has a malformed size');
      this.#missing = Number.parseInt(size, 16);
      this.#state = this.#missing === 0 ? 'trailer' : 'chunk';
    }
  }

  #pass(part: Buffer, isWhole: boolean): void {
    this.#hasBody = true;
    this.#sink?.onBody(part, isWhole);
  }
}

/** @throws HttpError */
function readName(text: string): string {
  const known = knownNames.get(text);
  if (known !== undefined) return known;
  if (!headerName.test(text)) throw new HttpError('the answer has a malformed header');
  const name = text.toLowerCase();
  if (knownNames.size < MAX_KNOWN_NAMES) knownNames.set(text, name);
  return name;
}

/** The rest of a line, without the spaces and tabs around it. */
function trimSpaces(line: string, from: number): string {
  let [start, end] = [from, line.length];
  while (start < end && isSpace(line.charCodeAt(start))) start += 1;
  while (start < end && isSpace(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09;

function isTooLong(bytes: Buffer, at: number, end: number, max: number): boolean {
  return (end === -1 ? bytes.length : end) - at > max;
}

function readKeepAlive(headers: ReadonlyMap<string, string>, isOldVersion: boolean): number {
  const options = (headers.get('connection') ?? '').toLowerCase().split(/[ \t]*,[ \t]*/);
  if (options.includes('close') || (isOldVersion && !options.includes('keep-alive'))) return 0;
  const seconds = /(?:^|[ ,])timeout=(\d+)/i.exec(headers.get('keep-alive') ?? '')?.[1];
  return seconds === undefined ? Infinity : Number(seconds) * 1_000;
}

/**
 * The parameter `pipelining` of the header `keep-alive` is our own (decision 66). That header belongs to a connection, so it says nothing
 * about servers behind a proxy.
 */
function readPipelining(headers: ReadonlyMap<string, string>): number {
  const requests = /(?:^|[ ,])pipelining=(\d{1,3})(?:[ ,]|$)/i.exec(headers.get('keep-alive') ?? '')?.[1];
  return Math.max(1, Number(requests ?? 1));
}
