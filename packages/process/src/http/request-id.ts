import type { IncomingMessage } from 'node:http';
import { uuidv7 } from 'uuidv7';

/** The header that carries the request's id in both directions. */
export const requestIdHeader = 'x-request-id';

/** Long enough for a UUID or a trace id, and nothing that could forge a log line or a header. */
const sane = /^[A-Za-z0-9_.:-]{8,128}$/;

/** The id that the caller sent when it is a sane one, else a new UUIDv7. */
export function requestIdFor(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers[requestIdHeader];
  return typeof given === 'string' && sane.test(given) ? given : uuidv7();
}
