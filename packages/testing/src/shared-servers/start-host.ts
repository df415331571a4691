import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDatabases, type Databases } from './databases.ts';

/** The servers that all test files of one Jest run share. */
export interface SharedServers {
  /** The address at which a test file requests a database. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the host of the servers that test files share. Jest's main process runs it, because that process outlives every worker.
 * PostgreSQL itself starts with the first request, so a run of unit tests does not pay for it.
 */
export async function startSharedServers({ root }: { root: string }): Promise<SharedServers> {
  const databases = createDatabases({ root });
  const server = createServer((request, response) => {
    answer(databases, request).then(
      (body) => send(response, 200, body),
      (error: Error) => send(response, 500, { error: error.message }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      // After close() no connection can be added that nobody ends.
      server.closeAllConnections();
      await closed;
      await databases.stop();
    },
  };
}

async function answer(databases: Databases, { method, url = '/' }: IncomingMessage): Promise<object> {
  const name = url.split('/').at(-1) ?? '';
  if (method === 'DELETE') {
    await databases.drop(name);
    return {};
  }
  return databases.create(name);
}

function send(response: ServerResponse, status: number, body: object): void {
  // Each request has its own connection: a client that reuses one just as the server closes it fails.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
}
