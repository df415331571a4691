import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest } from 'node:http2';
import type { FastifyInstance } from 'fastify';
import { isHttp2 } from './time-out-streams.ts';

/** Limits of reading a body after its request was answered. */
export interface DiscardLimits {
  readonly maxBytes: number;
  readonly maxMs: number;
}

export const defaultDiscardLimits: DiscardLimits = { maxBytes: 16 * 1024 * 1024, maxMs: 10_000 };

/** How often the limits of a connection are checked, in milliseconds. */
const checkEveryMs = 50;

/**
 * Reads and discards the rest of a body whose request is answered early, for example because the body is too large. A client that still
 * writes would otherwise find its connection reset, often before it has read the answer. The rest is bounded: a client that sends more
 * is cut off. nginx calls this a lingering close.
 */
export function discardBodies(app: FastifyInstance, limits: DiscardLimits): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    // Requests of `app.inject` have no connection, and say nothing about being complete.
    if (request.raw.complete === false) {
      if (isHttp2(request)) discardStream(request.raw as unknown as Http2ServerRequest, limits);
      else discardRest(request.raw, reply.raw, limits);
    }
    done(null, payload);
  });
}

/** The rest of an HTTP/1.1 request. A body that was read in part is not read on by Node itself. */
function discardRest(request: IncomingMessage, response: ServerResponse, { maxBytes, maxMs }: DiscardLimits): void {
  const { socket } = request;
  if (socket.destroyed) return;
  const destroySoon = socket.destroySoon.bind(socket);
  const before = socket.bytesRead;
  const deadline = performance.now() + maxMs;
  let isLast = false;
  // Node calls this after an answer that ends the connection. The answer still ends our half of it.
  socket.destroySoon = () => {
    isLast = true;
    socket.end();
  };
  const finish = (): void => {
    clearInterval(timer);
    socket.off('close', finish);
    socket.destroySoon = destroySoon;
    if (isLast) destroySoon();
  };
  const timer = setInterval(() => {
    if (socket.bytesRead - before > maxBytes || performance.now() > deadline) socket.destroy();
  }, checkEveryMs);
  request.once('end', finish);
  socket.once('close', finish);
  response.once('finish', () => request.resume());
}

/** The rest of an HTTP/2 request. Clients of Node do not end a stream that the server resets while they send. */
function discardStream({ stream }: Http2ServerRequest, { maxBytes, maxMs }: DiscardLimits): void {
  if (stream.endAfterHeaders) return;
  const end = (): void => stream.close(constants.NGHTTP2_NO_ERROR);
  stream.once('finish', () => {
    let bytes = 0;
    const timer = setTimeout(end, maxMs);
    stream.once('close', () => clearTimeout(timer));
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) end();
    });
  });
}
