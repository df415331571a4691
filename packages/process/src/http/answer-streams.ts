import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Called when the answer to a request begins that is a stream. The status is `reply.statusCode`. */
export type StreamListener = (request: FastifyRequest, reply: FastifyReply) => void;

const listeners = new WeakMap<FastifyInstance['server'], StreamListener[]>();
const streams = new WeakSet<FastifyRequest>();

/** Adds a listener for what {@link beginStream} tells. */
export function onStream(app: FastifyInstance, listener: StreamListener): void {
  const all = listeners.get(app.server);
  if (all === undefined) listeners.set(app.server, [listener]);
  else all.push(listener);
}

/**
 * Tells all that measure requests that this one is answered now: the rest of its answer is a stream, which can last for hours, and is
 * no work in progress. Fastify calls the hook `onResponse` when the stream ends; see {@link isStream}.
 */
export function beginStream(request: FastifyRequest, reply: FastifyReply): void {
  if (streams.has(request)) return;
  streams.add(request);
  for (const listener of listeners.get(request.server.server) ?? []) listener(request, reply);
}

/** True for a request whose answer is a stream. */
export function isStream(request: FastifyRequest): boolean {
  return streams.has(request);
}
