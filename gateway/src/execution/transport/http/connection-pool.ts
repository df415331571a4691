import type { LookupFunction } from 'node:net';
import { isSocketUrl, readSocketUrl } from '@shop/process';
import { type Call, type CallSink, Connection, type ConnectionTarget } from './connection.ts';
import { HttpError } from './http-error.ts';

export interface ConnectionPoolOptions {
  /** The maximum. Further calls wait for a free connection, in order. */
  readonly connections: number;
  /** For making a connection, in milliseconds. */
  readonly timeoutMs: number;
  readonly lookup: LookupFunction;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** How long a connection stays open without a call, and how often those are looked for, in milliseconds. */
const [IDLE_MS, SWEEP_MS] = [10_000, 2_000];
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Connections to one server, with one call at a time on each, so that a slow call does not delay others. It speaks HTTP/1.1. A general
 * client costs the gateway as much as all the rest of an operation, so this one has what calls to subgraphs need, and no more.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #target: ConnectionTarget;
  readonly #host: string;
  readonly #waiting = new Set<Call>();
  readonly #all = new Set<Connection>();
  /** Those of them that are not open yet. */
  readonly #opening = new Set<Connection>();
  readonly #events = {
    onFree: (connection: Connection): void => this.#onFree(connection),
    onGone: (connection: Connection, failure: Error | undefined): void => this.#onGone(connection, failure),
  };
  /** The last one was used last. */
  readonly #free: Connection[] = [];
  #sweeping: NodeJS.Timeout | undefined;
  #closing: { readonly done: Promise<void>; readonly resolve: () => void } | undefined;

  /** @param origin Scheme, host and port; or the URL of a Unix socket. */
  constructor(origin: string, options: ConnectionPoolOptions) {
    const { timeoutMs, lookup } = options;
    const { host, ...server } = readServer(origin);
    this.#options = options;
    this.#host = host;
    this.#target = { ...server, timeoutMs, lookup };
  }

  /**
   * Sends a request as soon as a connection is free.
   *
   * @returns ends the call without an answer. The sink gets the error, unless the call is over.
   */
  send(request: HttpRequest, sink: CallSink): (error: Error) => void {
    let head: string;
    try {
      if (this.#closing !== undefined) throw new HttpError('the connections are closed');
      head = writeHead(request, this.#host);
    } catch (error) {
      sink.onError(error as Error);
      return () => {};
    }
    const call: Call = { head, body: request.body ?? '', sink };
    const connection = this.#takeFree();
    if (connection === undefined) {
      this.#waiting.add(call);
      this.#openForWaiting();
    } else connection.send(call);
    return (error) => {
      if (this.#waiting.delete(call)) sink.onError(error);
      else call.connection?.close(error);
    };
  }

  /** Waits for the calls, then closes. */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      let resolve = (): void => {};
      const done = new Promise<void>((settle) => (resolve = settle));
      this.#closing = { done, resolve };
      for (const connection of this.#free.splice(0)) connection.close();
      this.#endWhenDone();
    }
    return this.#closing.done;
  }

  #takeFree(): Connection | undefined {
    const now = performance.now();
    for (let connection = this.#free.pop(); connection !== undefined; connection = this.#free.pop()) {
      if (!connection.isStale(now)) return connection;
      connection.close();
    }
    return undefined;
  }

  #openForWaiting(): void {
    while (this.#opening.size < this.#waiting.size && this.#all.size < this.#options.connections) {
      const connection = new Connection(this.#target, { idleMs: IDLE_MS, events: this.#events });
      this.#opening.add(connection);
      this.#all.add(connection);
    }
  }

  #onFree(connection: Connection): void {
    this.#opening.delete(connection);
    const next = this.#takeWaiting();
    if (next !== undefined) connection.send(next);
    else if (this.#closing !== undefined) connection.close();
    else {
      this.#free.push(connection);
      this.#sweeping ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
    }
  }

  #onGone(connection: Connection, failure: Error | undefined): void {
    this.#opening.delete(connection);
    this.#all.delete(connection);
    const place = this.#free.indexOf(connection);
    if (place !== -1) this.#free.splice(place, 1);
    // The others that wait have connections of their own that are being made, or get one next.
    if (failure !== undefined) this.#takeWaiting()?.sink.onError(failure);
    this.#openForWaiting();
    this.#endWhenDone();
  }

  #takeWaiting(): Call | undefined {
    const [next] = this.#waiting;
    if (next !== undefined) this.#waiting.delete(next);
    return next;
  }

  /** Closes the connections that were idle for too long. */
  #sweep(): void {
    const now = performance.now();
    for (const connection of this.#free.filter((each) => each.isStale(now))) connection.close();
    if (this.#free.length > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
  }

  #endWhenDone(): void {
    if (this.#closing === undefined || this.#all.size > 0 || this.#waiting.size > 0) return;
    clearInterval(this.#sweeping);
    this.#closing.resolve();
  }
}

/** The server at an origin, and the value of the header `host`. */
function readServer(origin: string) {
  // A socket has no host. Servers expect the header.
  if (isSocketUrl(origin)) {
    const { socketPath } = readSocketUrl(origin);
    return { socketPath, host: 'localhost', hostname: '', port: 0, isTls: false };
  }
  const { protocol, host, hostname, port } = new URL(origin);
  const isTls = protocol === 'https:';
  return {
    socketPath: undefined,
    host,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    isTls,
  };
}

/** @throws HttpError when a header would end the head, or begin another one */
function writeHead({ method, path, headers = {}, body }: HttpRequest, host: string): string {
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (!headerName.test(name) || !headerValue.test(value)) throw new HttpError(`the header "${name}" is malformed`);
    head += `${name}: ${value}\r\n`;
  }
  return body === undefined ? `${head}\r\n` : `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
}
