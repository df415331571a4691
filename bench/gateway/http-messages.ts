import type { Readable } from 'node:stream';

export interface HttpMessage {
  /** The first line and the headers. */
  readonly head: string;
  readonly body: Buffer;
}

const headEnd = Buffer.from('\r\n\r\n');
const none = Buffer.alloc(0);

/**
 * Reads requests or answers of HTTP/1.1 from a socket, one after another. It knows as much of HTTP as the measured programs use: bodies
 * with a length and bodies in chunks. It costs a fraction of `node:http`, so that the gateways are measured and not their surroundings.
 */
export function readMessages(socket: Readable, onMessage: (message: HttpMessage) => void): void {
  let pending: Buffer = none;
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const taken = takeMessage(pending);
      if (taken === null) return;
      pending = pending.subarray(taken.end);
      onMessage(taken);
    }
  });
}

function takeMessage(bytes: Buffer): (HttpMessage & { end: number }) | null {
  const found = bytes.indexOf(headEnd);
  if (found < 0) return null;
  const head = bytes.toString('latin1', 0, found);
  const start = found + headEnd.length;
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    const chunks = takeChunks(bytes, start);
    return chunks === null ? null : { head, ...chunks };
  }
  const end = start + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return bytes.length < end ? null : { head, body: bytes.subarray(start, end), end };
}

function takeChunks(bytes: Buffer, start: number): { body: Buffer; end: number } | null {
  const chunks: Buffer[] = [];
  let position = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', position);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', position, lineEnd), 16);
    const chunkEnd = lineEnd + 2 + size;
    if (bytes.length < chunkEnd + 2) return null;
    if (size === 0) return { body: Buffer.concat(chunks), end: chunkEnd + 2 };
    chunks.push(bytes.subarray(lineEnd + 2, chunkEnd));
    position = chunkEnd + 2;
  }
}
