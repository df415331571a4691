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
  readonly body: string;
  readonly sink: CallSink;
  /** Set while it is in flight. */
  connection?: Connection | undefined;
}

interface ConnectionEvents {
  /** The connection is open, or its call is over. It can take a call. */
  onFree(connection: Connection): void;
  /** The connection is gone. Called once. Before it was open, there is an error that tells why it could not be made. */
  onGone(connection: Connection, failure: Error | undefined): void;
}

/** Bytes that are read at once. */
const READ_BYTES = 32 * 1024;
/** A server closes an idle connection after the time that it said. It is not used in the last part of that time. */
const KEEP_ALIVE_MARGIN_MS = 1_000;
const nonAscii = /[^\0-\x7f]/;

/** A connection to a server for one call at a time. It reads with a buffer of its own, without a stream, which would cost more. */
export class Connection {
  readonly #events: ConnectionEvents;
  readonly #idleMs: number;
  readonly #socket: Socket;
  readonly #parser = new AnswerParser();
  #connecting: NodeJS.Timeout | undefined;
  #call: Call | undefined;
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

  /** Sends a call. The connection must be free. */
  send(call: Call): void {
    this.#call = call;
    call.connection = this;
    this.#parser.start(call.sink);
    this.#socket.ref();
    call.sink.onSent();
    // Values of headers are bytes. They are sent as they came.
    if (nonAscii.test(call.head))
      this.#socket.write(Buffer.concat([Buffer.from(call.head, 'latin1'), Buffer.from(call.body)]));
    else this.#socket.write(call.head + call.body);
  }

  /** Closes at once. A call that has no complete answer fails. */
  close(failure?: Error): void {
    if (this.#isGone) return;
    this.#isGone = true;
    const wasOpen = this.#connecting === undefined;
    clearTimeout(this.#connecting);
    const call = this.#takeCall();
    this.#socket.destroy();
    call?.sink.onError(failure ?? new Error('the connection was closed before the answer was complete'));
    this.#events.onGone(this, wasOpen ? undefined : (failure ?? new Error('the connection was closed at once')));
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
      if (this.#parser.isDone) this.#finish();
      return this.close(error);
    }
    if (this.#parser.isDone) this.#endCall();
  }

  #onEnd(): void {
    if (this.#parser.readEnd()) this.#finish();
    this.close();
  }

  #endCall(): void {
    const { keepAliveMs } = this.#parser;
    // A server that answers before it has read the request may never read the rest.
    const isUsable = keepAliveMs > KEEP_ALIVE_MARGIN_MS && this.#socket.writableLength === 0;
    if (isUsable) {
      this.#usableUntil = performance.now() + Math.min(this.#idleMs, keepAliveMs - KEEP_ALIVE_MARGIN_MS);
      this.#finish();
      this.#becomeFree();
    } else {
      this.#finish();
      this.close();
    }
  }

  #finish(): void {
    this.#takeCall()?.sink.onEnd();
  }

  #takeCall(): Call | undefined {
    const call = this.#call;
    if (call !== undefined) call.connection = undefined;
    this.#call = undefined;
    return call;
  }

  #becomeFree(): void {
    if (this.#isGone) return;
    // An idle connection does not keep the process alive.
    this.#socket.unref();
    this.#events.onFree(this);
  }
}
