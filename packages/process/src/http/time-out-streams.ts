import { constants, type Http2ServerRequest } from 'node:http2';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from './answer-errors-as-json.ts';

/** True for a request of HTTP/2. Fastify's types know only the one kind of request that an application is declared with. */
export function isHttp2({ raw }: FastifyRequest): boolean {
  return raw.httpVersionMajor === 2;
}

/**
 * Ends HTTP/2 requests whose body has not arrived in full after `timeoutMs`, with 408 if they are not answered yet. Node does so for
 * HTTP/1.1 only.
 */
export function timeOutStreams(app: FastifyInstance, timeoutMs: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (isHttp2(request)) timeOut(request, reply, timeoutMs);
    done();
  });
}

function timeOut(request: FastifyRequest, reply: FastifyReply, timeoutMs: number): void {
  const raw = request.raw as unknown as Http2ServerRequest;
  const { stream } = raw;
  if (raw.complete || stream.endAfterHeaders) return;
  const timer = setTimeout(() => {
    if (raw.complete || reply.sent) return;
    stream.once('finish', () => stream.close(constants.NGHTTP2_CANCEL));
    void reply.code(408).send(errorBody('BAD_REQUEST', 'The request took too long to arrive.'));
  }, timeoutMs);
  const clear = (): void => clearTimeout(timer);
  raw.once('end', clear);
  stream.once('close', clear);
}
