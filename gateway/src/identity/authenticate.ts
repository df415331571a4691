import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { findRecord } from '../telemetry/request-record.ts';
import { nobody, type Caller, type IdentifyCaller } from './identify-caller.ts';

const callers = new WeakMap<FastifyRequest, Caller>();

/** Returns the caller that {@link authenticate} found. */
export function getCaller(request: FastifyRequest): Caller {
  return callers.get(request) ?? nobody;
}

/** Identifies the caller, or refuses the request, before its body is read. */
export function authenticate(identifyCaller: IdentifyCaller): onRequestAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = await identifyCaller(request.headers.authorization, request.id);
    if (caller.refusal === undefined) return void callers.set(request, caller);
    const { refusal } = caller;
    findRecord(request).rejection = refusal.reason;
    return reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
  };
}
