import { anonymous, type Viewer } from '@shop/process';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { findRecord } from '../telemetry/request-record.ts';
import type { IdentifyCaller } from './identify-caller.ts';

const viewers = new WeakMap<FastifyRequest, Viewer>();

/** Returns the viewer that {@link authenticate} found. */
export function getViewer(request: FastifyRequest): Viewer {
  return viewers.get(request) ?? anonymous;
}

/** Identifies the caller, or refuses the request, before its body is read. */
export function authenticate(identifyCaller: IdentifyCaller): onRequestAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { viewer, refusal } = await identifyCaller(request.headers.authorization, request.id);
    if (refusal === undefined) return void viewers.set(request, viewer);
    findRecord(request).rejection = refusal.reason;
    return reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
  };
}
