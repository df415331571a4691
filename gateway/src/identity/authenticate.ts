import { Attachment } from '@shop/process';
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { findRecord } from '../telemetry/request-record.ts';
import { nobody, type Caller, type Identification, type IdentifyCaller } from './identify-caller.ts';

const callers = new Attachment<FastifyRequest, Caller>();

/** Returns the caller that {@link authenticate} found. */
export function getCaller(request: FastifyRequest): Caller {
  return callers.get(request) ?? nobody;
}

/** Identifies the caller, or refuses the request, before its body is read. */
export function authenticate(identifyCaller: IdentifyCaller): onRequestHookHandler {
  return (request, reply, done) => {
    const caller = identifyCaller(request.headers.authorization, request.id);
    if (caller instanceof Promise) void caller.then((found) => accept(found, request, reply, done));
    else accept(caller, request, reply, done);
  };
}

function accept(caller: Identification, request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (caller.refusal === undefined) {
    callers.set(request, caller);
    return done();
  }
  const { refusal } = caller;
  findRecord(request).rejection = refusal.reason;
  void reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
}
