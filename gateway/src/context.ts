import { isIP } from 'node:net';
import type { Context } from '@opentelemetry/api';
import { Attachment, getRequestContext, type Viewer } from '@shop/process';
import type { FastifyRequest } from 'fastify';
import { getCaller } from './identity/authenticate.ts';
import type { PreparedSubscription } from './live/live-stream.ts';
import { findRecord, type RequestRecord } from './telemetry/request-record.ts';
import { versionTokenHeader } from './cache/version-tokens.ts';

/** The parts of the client's request that every call to a subgraph needs. */
export interface GatewayContext {
  readonly viewer: Viewer;
  /** When the caller's access token expires, in milliseconds since the epoch. Undefined for an anonymous caller. */
  readonly expiresAt?: number | undefined;
  readonly requestId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The writes that the answer must not miss, as the client names them. */
  readonly versionToken?: string | undefined;
  readonly record: RequestRecord;
  /** The request's place in its trace. Undefined when no traces are exported. */
  readonly trace?: Context | undefined;
  /** True for the operations of the gateway's own pages, which are in no manifest. Default: false. */
  readonly isOwnOperation?: boolean;
  /** Where the execution of a subscription puts it. Undefined where the answer cannot be a stream. */
  readonly subscribing?: { prepared?: PreparedSubscription };
  /** Set when a subgraph had no entity for a reference: it does not exist, or the viewer may not see it. */
  hasMissingEntity?: boolean;
}

const maxUserAgentLength = 256;

const contexts = new Attachment<FastifyRequest, GatewayContext>();

/** The context of a request. It is made when it is first asked for. */
export function findContext(request: FastifyRequest): GatewayContext {
  let context = contexts.get(request);
  if (context === undefined) contexts.set(request, (context = createContext(request)));
  return context;
}

function createContext(request: FastifyRequest): GatewayContext {
  // Behind a trusted proxy the address is text from a header.
  const ip = isIP(request.ip) === 0 ? null : request.ip;
  const userAgent = request.headers['user-agent']?.replace(/[^\x20-\x7e]/g, '?').slice(0, maxUserAgentLength);
  const { viewer, expiresAt } = getCaller(request);
  return {
    viewer,
    expiresAt,
    requestId: request.id,
    ip,
    userAgent: userAgent || null,
    versionToken: readVersionToken(request),
    record: findRecord(request),
    trace: getRequestContext(request),
  };
}

function readVersionToken({ headers }: FastifyRequest): string | undefined {
  const value = headers[versionTokenHeader];
  return typeof value === 'string' ? value : undefined;
}

/** The client of a request: its user, or else its address. */
export function findClient({ viewer, ip }: GatewayContext): string {
  return viewer.userId === null ? `address ${ip ?? 'unknown'}` : `user ${viewer.userId}`;
}
