import type { WebSocket } from 'ws';

/**
 * The codes with which the gateway closes sockets, beside those of the protocol. After each of them a client of graphql-ws connects again;
 * after other codes from 1000 to 1999 it gives up. A client that does not read gets no code: its connection is cut.
 */
export const closeCodes = {
  /** The access token is invalid or has expired, or its session was revoked. */
  forbidden: 4403,
  /** The gateway stops, or serves another supergraph. */
  restart: 1012,
  /** The access token cannot be verified now. */
  tryAgainLater: 1013,
  /** The client has sent what the protocol does not allow. */
  badRequest: 4400,
  /** An error that was logged. */
  internalError: 4500,
} as const;

/** Bytes that the protocol allows for a reason. */
const maxReasonBytes = 123;

/** Closes a socket with a reason in ASCII. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason.slice(0, maxReasonBytes));
}
