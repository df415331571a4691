import { clockExchange } from '@shop/process';
import type { Dispatcher } from 'undici';

/** The raw answer of a subgraph. */
export interface SubgraphAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** Set when the subgraph asks the gateway to prove its time. */
  readonly clockChallenge?: string;
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

/**
 * Collects one answer, with a limit in time and size. It handles the connection's events itself: a stream and an abort signal
 * would cost more than the rest of the call.
 */
export class AnswerReader implements Dispatcher.DispatchHandler {
  /** Rejects with SubgraphCallError. */
  readonly answer: Promise<SubgraphAnswer>;
  readonly #maxBytes: number;
  readonly #onSign: () => void;
  readonly #timer: NodeJS.Timeout;
  #settle!: { resolve(answer: SubgraphAnswer): void; reject(error: SubgraphCallError): void };
  #controller: Dispatcher.DispatchController | undefined;
  #progress: CallProgress = 'unsent';
  #failure: SubgraphCallError | undefined;
  #status = 0;
  #headers: Record<string, string | string[] | undefined> = {};
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

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The call timed out while it waited for a connection, so it is not sent.
    if (this.#failure !== undefined) return controller.abort(this.#failure);
    this.#controller = controller;
    this.#progress = 'sent';
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.#onSign();
    this.#progress = 'answering';
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#onSign();
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) this.#chunks.push(chunk);
    else this.#fail('too-large', `the answer has more than ${this.#maxBytes} bytes`);
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    const [first, ...more] = this.#chunks;
    const text = first === undefined ? '' : (more.length === 0 ? first : Buffer.concat(this.#chunks)).toString('utf8');
    const clockChallenge = this.readHeader(clockExchange.challengeHeader);
    this.#settle.resolve({
      status: this.#status,
      contentType: this.readHeader('content-type') ?? '',
      text,
      ...(clockChallenge === undefined ? {} : { clockChallenge }),
    });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#controller = undefined;
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
    const value = this.#headers[name];
    return value === undefined ? undefined : String(value);
  }

  /** Only the first failure counts. A call in flight ends with its connection. */
  #fail(reason: SubgraphCallError['reason'], message: string, cause?: Error): void {
    if (this.#failure !== undefined) return;
    const failure = new SubgraphCallError(reason, message, { cause, progress: this.#progress });
    this.#failure = failure;
    clearTimeout(this.#timer);
    this.#chunks = [];
    this.#settle.reject(failure);
    this.#controller?.abort(failure);
  }
}
