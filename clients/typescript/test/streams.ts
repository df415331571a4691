import type { ServerResponse } from 'node:http';
import { eventually } from '@shop/testing';
import { createShopClient, type ShopClient, type ShopClientOptions } from '@shop/client';
import { startServer, type Reply, type Seen, type TestServer } from './server.ts';

/** A subscription that the test's server has accepted. */
export class Connection {
  readonly request: Seen;
  readonly #response: ServerResponse;
  isClosed = false;

  constructor(request: Seen, response: ServerResponse) {
    this.request = request;
    this.#response = response;
    response.once('close', () => (this.isClosed = true));
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    this.write(':\n\n');
  }

  write(text: string | Uint8Array): void {
    this.#response.write(text);
  }

  /** Sends a message. */
  send(message: unknown, id?: string): void {
    this.write(`${id === undefined ? '' : `id: ${id}\n`}event: next\ndata: ${JSON.stringify(message)}\n\n`);
  }

  /** Says that nothing more comes. */
  complete(): void {
    this.write('event: complete\ndata:\n\n');
    this.end();
  }

  /** Ends the answer, as a gateway does that stops. */
  end(): void {
    this.#response.end();
  }

  cut(): void {
    this.#response.destroy();
  }
}

export interface StreamServer extends TestServer {
  /** The subscriptions that were accepted, in their order. */
  readonly connections: Connection[];
  /** Resolves to the subscription with this number, from 0. */
  connection(index: number): Promise<Connection>;
}

/**
 * A server that accepts subscriptions.
 *
 * @param refuse answers a request otherwise. Default: never
 */
export async function startStreams(
  refuse: (request: Seen, attempt: number) => Reply | undefined = () => undefined,
): Promise<StreamServer> {
  const connections: Connection[] = [];
  const server = await startServer(
    (request, seen) =>
      refuse(request, seen.length) ?? ((response) => void connections.push(new Connection(request, response))),
  );
  return {
    ...server,
    connections,
    async connection(index) {
      await eventually(() => expect(connections.length).toBeGreaterThan(index));
      return connections[index] as Connection;
    },
  };
}

export function clientOf({ url }: TestServer, options: Partial<ShopClientOptions> = {}): ShopClient {
  return createShopClient({ url, ...options, retry: { firstMs: 1, longestMs: 5, ...options.retry } });
}

/** An order as OrderUpdated shows it, as far as these tests look at it. */
export const orderMessage = (status: string, version: number, id = 'o') => ({
  data: { orderUpdated: { id, status, version } },
});

export const errorMessage = (code: string, path?: string[], data: unknown = null) => ({
  data,
  errors: [{ message: `It is ${code}.`, ...(path ? { path } : {}), extensions: { code } }],
});
