import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ClockChallenge, clockExchange, createInternalTokenVerifier, internalToken, type Viewer } from '@shop/process';
import type { JWK } from 'jose';
import type { SigningKey } from './keys.ts';

/** A call that the subgraph accepted. */
export interface SeenCall {
  readonly viewer: Viewer;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ProxiedSubgraph {
  /** Base URL. The keys of access tokens are at `/jwks`. */
  readonly url: string;
  readonly seen: SeenCall[];
  /** Answers the calls. A test may replace it. */
  handle: (call: SeenCall, response: ServerResponse) => void;
  /** The connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** Starts a subgraph that verifies each call as ours do, and answers a fixed text. */
export async function startProxiedSubgraph(options: {
  name: string;
  internalKey: SigningKey;
  accessKey: SigningKey;
  answer: string;
}): Promise<ProxiedSubgraph> {
  const { name, internalKey, accessKey, answer } = options;
  const jwks = { keys: [internalKey.publicJwk as JWK & { kty: string }] };
  // Its clock is wrong, so that it has to learn the gateway's.
  const wall = (): number => Date.now() + 300_000;
  const verify = createInternalTokenVerifier({ jwks, audience: name, wall });
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/graphql-response+json; charset=utf-8');
    if (request.url === '/jwks') return void response.end(JSON.stringify({ keys: [accessKey.publicJwk] }));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { headers } = request;
    try {
      const proof = headers[clockExchange.proofHeader] as string | undefined;
      const viewer = await verify(String(headers[internalToken.header]), proof);
      const call = { viewer, headers, body: Buffer.concat(chunks).toString('utf8') };
      subgraph.seen.push(call);
      subgraph.handle(call, response);
    } catch (error) {
      if (error instanceof ClockChallenge) response.setHeader(clockExchange.challengeHeader, error.challenge);
      response.writeHead(401).end('{"errors":[]}');
    }
  });
  // Otherwise it would close idle connections, which a test may expect from the other side.
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const subgraph: ProxiedSubgraph = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    handle: (_call, response) => response.end(answer),
    sockets,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return subgraph;
}
