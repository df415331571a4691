import type { IncomingMessage } from 'node:http';
import { uuidv7 } from 'uuidv7';

/** The header that carries the request's id in both directions. */
export const requestIdHeader = 'x-request-id';

/** Room for a UUID or a trace id, without a character that means something in a log line, a header or a query of logs. */
const validId = /^[A-Za-z0-9._-]{1,128}$/;

/** Returns the caller's id if it is valid, otherwise a new UUIDv7. */
export function requestIdFor(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers[requestIdHeader];
  return typeof given === 'string' && validId.test(given) ? given : uuidv7();
}
