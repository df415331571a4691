import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** Bytes that may wait for the client. Above this, nothing more is written or read until it has taken them. */
const highWaterMark = 16 * 1024;

/** Pings without an answer after which a peer is taken for dead. One that reads slowly answers late. */
const maxMissedPongs = 2;

export interface SocketWriterOptions {
  readonly socket: WebSocket;
  /** The connection below it. */
  readonly connection: Socket;
  /** Milliseconds without a byte after which a client that does not read is cut off. */
  readonly stallMs: number;
  /** Milliseconds between pings. */
  readonly pingMs: number;
}

/** Writes to a WebSocket at the speed of its client, and cuts a client that is dead or does not read. */
export class SocketWriter {
  readonly #socket: WebSocket;
  readonly #pings: NodeJS.Timeout;
  #missedPongs = 0;
  #wasStalled = false;

  constructor({ socket, connection, stallMs, pingMs }: SocketWriterOptions) {
    this.#socket = socket;
    this.#pings = setInterval(() => this.#ping(), pingMs);
    const isAlive = (): void => void (this.#missedPongs = 0);
    socket.on('pong', isAlive).on('message', isAlive);
    socket.once('close', () => clearInterval(this.#pings));
    // Node reports a connection on which no byte has moved. A large message that a client reads slowly is no stall.
    connection.setTimeout(stallMs, () => {
      if (socket.bufferedAmount === 0) return;
      this.#wasStalled = true;
      // No close frame: it would wait behind what the client does not read. The client sees a broken connection, and connects again.
      socket.terminate();
    });
  }

  /** True when the client was cut since it did not read. */
  get wasStalled(): boolean {
    return this.#wasStalled;
  }

  /** Resolves when the client has taken enough for the next message, or has left. Nothing is written to a socket that closes. */
  async send(text: string): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    const sending = new Promise<void>((resolve) => socket.send(text, () => resolve()));
    if (socket.bufferedAmount <= highWaterMark) return;
    // Otherwise a client could ask for more and more, and read nothing.
    socket.pause();
    await sending;
    if (socket.bufferedAmount <= highWaterMark) socket.resume();
  }

  #ping(): void {
    const socket = this.#socket;
    // While the client reads slowly, pings wait behind the data.
    if (socket.readyState !== socket.OPEN || socket.bufferedAmount > 0) return;
    if (this.#missedPongs >= maxMissedPongs) return socket.terminate();
    this.#missedPongs += 1;
    socket.ping();
  }
}
