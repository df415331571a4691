import { conformingData } from '@shop/graphql';
import { clockExchange } from '@shop/process';
import type { CallSink } from './http/connection.ts';

/** The raw answer of a subgraph. */
export interface SubgraphAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** True when the subgraph vouches for the data: see {@link conformingData}. */
  readonly isConforming?: boolean;
  /** Set when the subgraph asks the gateway to prove its time. */
  readonly clockChallenge?: string | undefined;
}

/** How far a call got: nothing was sent, the subgraph may have read it, or its answer had begun. */
export type CallProgress = 'unsent' | 'sent' | 'answering';

/** The call has no answer: it was late or too large, the connection failed, or the instance answers nothing at all. */
export class SubgraphCallError extends Error {
  readonly reason: 'timeout' | 'too-large' | 'connection' | 'frozen';
  readonly progress: CallProgress;

  constructor(
    reason: SubgraphCallError['reason'],
    message: string,
    options: ErrorOptions & { progress: CallProgress },
  ) {
    super(message, options);
    this.name = 'SubgraphCallError';
    this.reason = reason;
    this.progress = options.progress;
  }
}

const noHeaders: ReadonlyMap<string, string> = new Map();

/** Collects one answer, with a limit in time and size. */
export class AnswerReader implements CallSink {
  /** Rejects with SubgraphCallError. */
  readonly answer: Promise<SubgraphAnswer>;
  readonly #maxBytes: number;
  readonly #onSign: () => void;
  readonly #timer: NodeJS.Timeout;
  #settle!: { resolve(answer: SubgraphAnswer): void; reject(error: SubgraphCallError): void };
  #abort: ((error: Error) => void) | undefined;
  #progress: CallProgress = 'unsent';
  #failure: SubgraphCallError | undefined;
  #status = 0;
  #headers = noHeaders;
  /** Of an answer that came at once. */
  #text = '';
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param options.onSign called for each part of an answer, which shows that the instance works */
  constructor(options: { timeoutMs: number; maxBytes: number; onSign: () => void }) {
    const { timeoutMs, maxBytes, onSign } = options;
    this.#maxBytes = maxBytes;
    this.#onSign = onSign;
    this.answer = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#timer = setTimeout(() => this.#fail('timeout', `no answer within ${timeoutMs} ms`), timeoutMs);
  }

  /** @param abort ends the call */
  follow(abort: (error: Error) => void): void {
    this.#abort = abort;
  }

  onSent(): void {
    this.#progress = 'sent';
  }

  onHead(status: number, headers: ReadonlyMap<string, string>): void {
    this.#onSign();
    this.#progress = 'answering';
    this.#status = status;
    this.#headers = headers;
  }

  onBody(part: Buffer, isWhole: boolean): void {
    this.#onSign();
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) this.#fail('too-large', `the answer has more than ${this.#maxBytes} bytes`);
    else if (isWhole) this.#text = part.toString('utf8');
    else this.#chunks.push(Buffer.from(part));
  }

  onEnd(): void {
    if (this.#failure !== undefined) return;
    clearTimeout(this.#timer);
    this.#settle.resolve({
      status: this.#status,
      contentType: this.readHeader('content-type') ?? '',
      text: this.#chunks.length === 0 ? this.#text : Buffer.concat(this.#chunks).toString('utf8'),
      isConforming: this.#headers.has(conformingData.header),
      clockChallenge: this.readHeader(clockExchange.challengeHeader),
    });
  }

  onError(error: Error): void {
    this.#fail('connection', error.message, error);
  }

  get progress(): CallProgress {
    return this.#progress;
  }

  /** Ends a call to an instance that answers nothing. */
  abandon(): void {
    this.#fail('frozen', 'the subgraph does not answer');
  }

  /** Returns a header of the answer, once that has begun. */
  readHeader(name: string): string | undefined {
    return this.#headers.get(name);
  }

  /** Only the first failure counts. A call in flight ends with its connection. */
  #fail(reason: SubgraphCallError['reason'], message: string, cause?: Error): void {
    if (this.#failure !== undefined) return;
    const failure = new SubgraphCallError(reason, message, { cause, progress: this.#progress });
    this.#failure = failure;
    clearTimeout(this.#timer);
    this.#chunks = [];
    this.#settle.reject(failure);
    this.#abort?.(failure);
  }
}
