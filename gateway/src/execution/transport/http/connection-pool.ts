import type { LookupFunction } from 'node:net';
import { isSocketUrl, readSocketUrl } from '@shop/process';
import { type Call, type CallSink, Connection, type ConnectionTarget } from './connection.ts';
import { HttpError } from './http-error.ts';

export interface ConnectionPoolOptions {
  /** The maximum of connections, and of calls on them. Further calls wait, in order. */
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
  /**
   * Requests of one group that are sent at the same moment share a connection, if the server says that it executes them at the same time.
   * Their answers come in order, so they should take equally long. They may be sent twice. Undefined for a request that is sent alone.
   */
  readonly group?: string | undefined;
}

/** How long a connection stays open without a call, and how often those are looked for, in milliseconds. */
const [IDLE_MS, SWEEP_MS] = [10_000, 2_000];
/** So many of the calls that wait are looked through for those of one group. */
const LOOK_AHEAD = 64;
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const asciiValue = /^[\t\x20-\x7e]*$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Connections to one server. It speaks HTTP/1.1. A general client costs the gateway as much as all the rest of an operation, so this one
 * has what calls to subgraphs need, and no more.
 *
 * A connection has one call at a time, so that a slow call does not delay others. But calls of one group are pipelined, since a busy
 * gateway spends much of a call in the operating system.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #target: ConnectionTarget;
  readonly #host: string;
  readonly #waiting: Call[] = [];
  readonly #all = new Set<Connection>();
  /** Those of them that are not open yet. */
  readonly #opening = new Set<Connection>();
  readonly #events = {
    onFree: (connection: Connection): void => this.#onFree(connection),
    onOver: (count: number, unanswered: readonly Call[]): void => this.#onOver(count, unanswered),
    onGone: (connection: Connection, failure: Error | undefined): void => this.#onGone(connection, failure),
  };
  /** The last one was used last. */
  readonly #free: Connection[] = [];
  /** The calls that were sent, and are not over. */
  #inFlight = 0;
  /** How many calls the server takes at a time on a connection, by its last answer. */
  #pipelining = 1;
  #isFlushing = false;
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
   * Sends a request as soon as a connection is free, with the others of this turn of the event loop.
   *
   * @returns ends the call without an answer. The sink gets the error, unless the call is over.
   */
  send(request: HttpRequest, sink: CallSink): (error: Error) => void {
    let head: Pick<Call, 'head' | 'isAscii'>;
    try {
      if (this.#closing !== undefined) throw new HttpError('the connections are closed');
      head = writeHead(request, this.#host);
    } catch (error) {
      sink.onError(error as Error);
      return () => {};
    }
    const call: Call = { ...head, body: request.body ?? '', sink, group: request.group, connection: undefined };
    this.#waiting.push(call);
    this.#flushSoon();
    return (error) => {
      if (call.connection !== undefined) return call.connection.cancel(call, error);
      const place = this.#waiting.indexOf(call);
      if (place === -1) return;
      this.#waiting.splice(place, 1);
      sink.onError(error);
    };
  }

  /** Waits for the calls, then closes. */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      let resolve = (): void => {};
      const done = new Promise<void>((settle) => (resolve = settle));
      this.#closing = { done, resolve };
      this.#closeFree();
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

  /** Sends at the end of this turn, when the calls of all requests that came in it are known. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#inFlight < this.#options.connections) {
      const connection = this.#takeFree();
      if (connection === undefined) return this.#openForWaiting();
      const calls = this.#takeWaiting(Math.min(this.#pipelining, this.#options.connections - this.#inFlight));
      this.#inFlight += calls.length;
      connection.send(calls);
    }
    if (this.#closing === undefined) return;
    this.#closeFree();
    this.#endWhenDone();
  }

  /** Takes the first call that waits, and others of its group. */
  #takeWaiting(most: number): readonly Call[] {
    const group = this.#waiting[0]?.group;
    if (group === undefined || most === 1) return this.#waiting.splice(0, 1);
    const [taken, others]: [Call[], Call[]] = [[], []];
    for (const call of this.#waiting.splice(0, LOOK_AHEAD))
      (call.group === group && taken.length < most ? taken : others).push(call);
    if (others.length > 0) this.#waiting.unshift(...others);
    return taken;
  }

  /** Opens connections for the calls that wait. Those that are opened for nothing close again when they have been idle. */
  #openForWaiting(): void {
    if (this.#all.size >= this.#options.connections) return;
    const needed = this.#countNeeded();
    while (this.#opening.size < needed && this.#all.size < this.#options.connections) {
      const connection = new Connection(this.#target, { idleMs: IDLE_MS, events: this.#events });
      this.#opening.add(connection);
      this.#all.add(connection);
    }
  }

  /** The number of connections that the calls need that wait. */
  #countNeeded(): number {
    if (this.#pipelining === 1) return this.#waiting.length;
    const sizes = new Map<string, number>();
    let needed = 0;
    for (const { group } of this.#waiting) {
      const size = group === undefined ? 0 : (sizes.get(group) ?? 0);
      if (size % this.#pipelining === 0) needed += 1;
      if (group !== undefined) sizes.set(group, size + 1);
    }
    return needed;
  }

  #onFree(connection: Connection): void {
    this.#opening.delete(connection);
    this.#pipelining = connection.pipelining ?? this.#pipelining;
    this.#free.push(connection);
    if (this.#waiting.length > 0) this.#flushSoon();
    else if (this.#closing !== undefined) this.#closeFree();
    else this.#sweeping ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  #onOver(count: number, unanswered: readonly Call[]): void {
    this.#inFlight -= count;
    for (const call of unanswered) {
      call.connection = undefined;
      call.group = undefined;
      this.#waiting.push(call);
    }
    if (this.#waiting.length > 0) this.#flushSoon();
  }

  #onGone(connection: Connection, failure: Error | undefined): void {
    this.#opening.delete(connection);
    this.#all.delete(connection);
    const place = this.#free.indexOf(connection);
    if (place !== -1) this.#free.splice(place, 1);
    // The others that wait have connections of their own that are being made, or get one next.
    if (failure !== undefined) for (const { sink } of this.#takeWaiting(this.#pipelining)) sink.onError(failure);
    if (this.#waiting.length > 0) this.#flushSoon();
    this.#endWhenDone();
  }

  #closeFree(): void {
    for (const connection of this.#free.splice(0)) connection.close();
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
    if (this.#closing === undefined || this.#all.size > 0 || this.#waiting.length > 0) return;
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
function writeHead({ method, path, headers = {}, body }: HttpRequest, host: string): Pick<Call, 'head' | 'isAscii'> {
  let isAscii = true;
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (!asciiValue.test(value)) isAscii = false;
    if (!headerName.test(name) || (!isAscii && !headerValue.test(value)))
      throw new HttpError(`the header "${name}" is malformed`);
    head += `${name}: ${value}\r\n`;
  }
  if (body !== undefined) head += `content-length: ${Buffer.byteLength(body)}\r\n`;
  return { head: `${head}\r\n`, isAscii };
}
