import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AnswerParser, type AnswerSink } from './answer-parser.ts';
import { HttpError } from './http-error.ts';

export interface ConnectionTarget {
  /** The file of a Unix socket; undefined for a server with a host name and a port. */
  readonly socketPath: string | undefined;
  readonly hostname: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly lookup: LookupFunction;
  /** For the connection and, if it has one, the TLS handshake. */
  readonly timeoutMs: number;
}

/** Gets what happens to a call. */
export interface CallSink extends AnswerSink {
  /** The call is being sent. */
  onSent(): void;
  /** The answer is complete. */
  onEnd(): void;
  /** No answer will come, or no more of it. Nothing follows. */
  onError(error: Error): void;
}

/** A call that is ready to be sent: its bytes, and who gets the answer. */
export interface Call {
  readonly head: string;
  /** False when the head has other bytes. Those of a header are sent as they came. */
  readonly isAscii: boolean;
  readonly body: string;
  readonly sink: CallSink;
  /** Calls of one group may be sent on one connection together. Undefined for a call that is sent alone. */
  group: string | undefined;
  /** Set while it is in flight. */
  connection: Connection | undefined;
}

interface ConnectionEvents {
  /** The connection is open, or its calls are over. It can take calls. */
  onFree(connection: Connection): void;
  /**
   * Calls are over.
   *
   * @param count their number, with those that came to nothing
   * @param unanswered those of them that the server has not begun to answer, and will not. They may be sent again.
   */
  onOver(count: number, unanswered: readonly Call[]): void;
  /** The connection is gone. Called once. Before it was open, there is an error that tells why it could not be made. */
  onGone(connection: Connection, failure: Error | undefined): void;
}

/** Bytes that are read at once. */
const READ_BYTES = 32 * 1024;
/** A server closes an idle connection after the time that it said. It is not used in the last part of that time. */
const KEEP_ALIVE_MARGIN_MS = 1_000;
const none: readonly Call[] = [];

/**
 * A connection to a server. It takes one call at a time, or some that are pipelined: sent at once, and answered in their order. It reads
 * with a buffer of its own, without a stream, which would cost more.
 */
export class Connection {
  readonly #events: ConnectionEvents;
  readonly #idleMs: number;
  readonly #socket: Socket;
  readonly #parser = new AnswerParser(() => this.#beginNext());
  #connecting: NodeJS.Timeout | undefined;
  /** The first one is answered first. A call that was cancelled keeps its place. */
  readonly #calls: Call[] = [];
  #isGone = false;
  /** By `performance.now()`. */
  #usableUntil = Infinity;

  /** @param options.idleMs How long the connection may be idle. */
  constructor(target: ConnectionTarget, options: { idleMs: number; events: ConnectionEvents }) {
    this.#events = options.events;
    this.#idleMs = options.idleMs;
    this.#socket = this.#open(target);
    const timeout = `no connection within ${target.timeoutMs} ms`;
    this.#connecting = setTimeout(() => this.close(new Error(timeout)), target.timeoutMs);
    this.#socket
      .once(target.isTls ? 'secureConnect' : 'connect', () => this.#onOpen())
      .on('error', (error) => this.close(error))
      .on('end', () => this.#onEnd())
      .on('close', () => this.close());
  }

  /** True when the server may have closed it by now, or soon. */
  isStale(now: number): boolean {
    return now >= this.#usableUntil;
  }

  /** How many calls the server takes at a time, by its last answer. Undefined before the first one. */
  get pipelining(): number | undefined {
    return this.#parser.pipelining;
  }

  /** Sends calls, at least one. The connection must be free. */
  send(calls: readonly Call[]): void {
    const [first] = calls;
    if (first === undefined) return;
    this.#parser.start(first.sink);
    this.#socket.ref();
    let [text, isAscii] = ['', true];
    for (const call of calls) {
      this.#calls.push(call);
      call.connection = this;
      call.sink.onSent();
      text += call.head + call.body;
      isAscii &&= call.isAscii;
    }
    this.#socket.write(
      isAscii
        ? text
        : Buffer.concat(calls.flatMap(({ head, body }) => [Buffer.from(head, 'latin1'), Buffer.from(body)])),
    );
  }

  /** Ends a call without an answer. */
  cancel(call: Call, error: Error): void {
    if (call === this.#calls[0]) return this.close(error);
    // The calls before it are not disturbed. When its turn comes, the connection is closed.
    call.connection = undefined;
    call.sink.onError(error);
  }

  /** Closes at once. The call whose turn it is fails. Those after it can be sent again. */
  close(failure?: Error): void {
    if (this.#isGone) return;
    const call = this.#takeCall();
    this.#retire(failure);
    call?.sink.onError(failure ?? new Error('the connection was closed before the answer was complete'));
  }

  #open({ socketPath, hostname, port, isTls, lookup }: ConnectionTarget): Socket {
    const options = { host: hostname, port, lookup, noDelay: true, keepAlive: true };
    if (isTls) {
      const socket = connectTls({
        ...options,
        ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
        ALPNProtocols: ['http/1.1'],
      });
      return socket.on('data', (bytes: Buffer) => this.#onBytes(bytes));
    }
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (count: number, buffer: Uint8Array): boolean => {
        this.#onBytes((buffer as Buffer).subarray(0, count));
        return true;
      },
    };
    return connectPlain(socketPath === undefined ? { ...options, onread } : { path: socketPath, onread });
  }

  #onOpen(): void {
    clearTimeout(this.#connecting);
    this.#connecting = undefined;
    this.#usableUntil = performance.now() + this.#idleMs;
    this.#becomeFree();
  }

  #onBytes(bytes: Buffer): void {
    if (this.#isGone) return;
    try {
      this.#parser.read(bytes);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      // A complete answer counts, whatever follows it.
      if (!this.#parser.isDone) return this.close(error);
      this.#finish();
      return this.#retire();
    }
    if (this.#parser.isDone) this.#endLast();
  }

  #onEnd(): void {
    if (!this.#parser.readEnd()) return this.close();
    this.#finish();
    this.#retire();
  }

  /** Ends the call whose answer is complete. Returns who gets the next answer, if there will be one. */
  #beginNext(): CallSink | undefined {
    const next = this.#calls[1];
    if (next === undefined || !isWanted(next) || this.#parser.keepAliveMs === 0) return undefined;
    this.#finish();
    return next.sink;
  }

  /** Ends the call whose answer is complete, and after which none is expected. */
  #endLast(): void {
    const { keepAliveMs } = this.#parser;
    const isUsable =
      keepAliveMs > KEEP_ALIVE_MARGIN_MS &&
      this.#calls.length === 1 &&
      // A server that answers before it has read the request may never read the rest.
      this.#socket.writableLength === 0;
    this.#finish();
    if (isUsable) {
      this.#usableUntil = performance.now() + Math.min(this.#idleMs, keepAliveMs - KEEP_ALIVE_MARGIN_MS);
      this.#becomeFree();
    } else this.#retire();
  }

  #finish(): void {
    this.#takeCall()?.sink.onEnd();
  }

  #takeCall(): Call | undefined {
    const call = this.#calls.shift();
    if (call === undefined) return undefined;
    call.connection = undefined;
    this.#events.onOver(1, none);
    return call;
  }

  #retire(failure?: Error): void {
    if (this.#isGone) return;
    this.#isGone = true;
    const wasOpen = this.#connecting === undefined;
    clearTimeout(this.#connecting);
    this.#socket.destroy();
    const unanswered = this.#calls.splice(0);
    if (unanswered.length > 0) this.#events.onOver(unanswered.length, unanswered.filter(isWanted));
    this.#events.onGone(this, wasOpen ? undefined : (failure ?? new Error('the connection was closed at once')));
  }

  #becomeFree(): void {
    if (this.#isGone) return;
    // An idle connection does not keep the process alive.
    this.#socket.unref();
    this.#events.onFree(this);
  }
}

/** False for a call that was cancelled. */
function isWanted({ connection }: Call): boolean {
  return connection !== undefined;
}
