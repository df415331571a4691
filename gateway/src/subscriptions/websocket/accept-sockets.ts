import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { beginStream, errorBody, type Logger } from '@shop/process';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer, type ServerOptions } from 'ws';
import { findContext } from '../../context.ts';
import { isAllowedOrigin } from '../../edge/serve-browsers.ts';
import { requestSize } from '../../limits/index.ts';
import { closeCodes, closeSocket } from './close-codes.ts';
import type { OpenedSocket } from './serve-socket.ts';

/** Milliseconds for a client to answer the close of its socket. Then its connection is cut. */
const closeTimeoutMs = 2_000;

export interface Sockets {
  /** Makes a request for a WebSocket one, or refuses it, and returns true. Other requests return false. */
  accept(request: FastifyRequest, reply: FastifyReply): boolean;
  /** How many are open. */
  readonly size: number;
  /** Closes all of them with 1012, so that clients connect again. */
  close(): void;
}

/**
 * Lets a server accept WebSockets. A request for one passes the hooks of its route like each other request, so that it gets an id, is
 * counted and limited, and is refused in JSON. HTTP/2 needs none: browsers use HTTP/1.1 for them.
 *
 * @param options.corsOrigins origins whose pages may connect. Browsers always send theirs, and a page of the gateway's own host may.
 */
export function acceptSockets(
  app: FastifyInstance,
  options: {
    readonly corsOrigins: readonly string[];
    readonly serve: (opened: OpenedSocket) => void;
    readonly logger: Logger;
  },
): Sockets {
  const { corsOrigins, serve, logger } = options;
  // The types do not know the time to close.
  const socketOptions: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    maxPayload: requestSize.bodyLimit,
    // Each connection would take memory for it, and the messages are small.
    perMessageDeflate: false,
    handleProtocols,
    closeTimeout: closeTimeoutMs,
  };
  const sockets = new WebSocketServer(socketOptions);
  // An invalid handshake is answered in JSON too.
  sockets.on('wsClientError', (error, connection) => {
    const body = JSON.stringify(errorBody('BAD_REQUEST', `The WebSocket handshake is invalid: ${error.message}.`));
    const head = [
      'HTTP/1.1 400 Bad Request',
      'connection: close',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    connection.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
  const upgrades = new WeakMap<IncomingMessage, { readonly connection: Socket; readonly head: Buffer }>();
  const server = app.server as unknown as Server;
  server.on('upgrade', (request: IncomingMessage, connection: Socket, head: Buffer) => {
    // The listeners of the server are gone from this connection.
    connection.on('error', (error) => logger.debug({ err: error }, 'the connection of a WebSocket failed'));
    if (!isForWebSocket(request)) return ignoreUpgrade(server, request, connection, head);
    upgrades.set(request, { connection, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(connection);
    response.once('finish', () => connection.destroySoon());
    app.routing(request, response);
  });

  return {
    accept(request, reply) {
      const upgrade = upgrades.get(request.raw);
      if (upgrade === undefined) return false;
      const { origin } = request.headers;
      if (origin !== undefined && !isSameOrigin(origin, request) && !isAllowedOrigin(origin, corsOrigins)) {
        const message = `Pages of ${origin.slice(0, 200)} may not connect. Add the origin to CORS_ORIGINS.`;
        void reply.code(403).send(errorBody('FORBIDDEN', message));
        return true;
      }
      const { connection, head } = upgrade;
      const { ip, userAgent, requestId, record } = findContext(request);
      const { authorization } = request.headers;
      // The operations of the socket are reported, each by itself.
      record.isReported = true;
      reply.code(101).hijack();
      beginStream(request, reply);
      reply.raw.detachSocket(connection);
      sockets.handleUpgrade(request.raw, connection, head, (socket) =>
        serve({ socket, connection, authorization, requestId, ip, userAgent }),
      );
      return true;
    },
    get size() {
      return sockets.clients.size;
    },
    close() {
      for (const socket of sockets.clients)
        closeSocket(socket, closeCodes.restart, 'The gateway restarts. Connect again.');
    },
  };
}

function isForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** The scheme does not count: behind a proxy, the gateway does not know it. */
function isSameOrigin(origin: string, request: FastifyRequest): boolean {
  return URL.canParse(origin) && new URL(origin).host === request.host;
}

/**
 * Gives a connection back to the server whose client asks for another protocol, such as h2c, which Java's client does with each request.
 * A server may ignore that. Node does so by itself only where nobody listens for upgrades.
 */
function ignoreUpgrade(server: Server, request: IncomingMessage, connection: Socket, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${request.rawHeaders[index + 1]}`);
  }
  connection.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  connection.removeAllListeners('error');
  server.emit('connection', connection);
}
