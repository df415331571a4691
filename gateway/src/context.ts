import { isIP } from 'node:net';
import type { Viewer } from '@shop/process';
import type { FastifyRequest } from 'fastify';
import { getViewer } from './identity/authenticate.ts';

/** The parts of the client's request that every call to a subgraph needs. */
export interface GatewayContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

const maxUserAgentLength = 256;

export function createContext(request: FastifyRequest): GatewayContext {
  // Behind a trusted proxy the address is text from a header.
  const ip = isIP(request.ip) === 0 ? null : request.ip;
  const userAgent = request.headers['user-agent']?.replace(/[^\x20-\x7e]/g, '?').slice(0, maxUserAgentLength);
  return { viewer: getViewer(request), requestId: request.id, ip, userAgent: userAgent || null };
}
