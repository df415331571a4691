import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDataDirectories, type DataDirectories, type Seed } from './data-directories.ts';
import { createDatabases, type Databases } from './databases.ts';
import { createSystemHost, type SystemHost } from './system.ts';

/** The servers that all test files of one Jest run share. */
export interface SharedServers {
  /** The address at which a test file requests a database, a data directory or the running system. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the host of the servers that test files share. Jest's main process runs it, because that process outlives every worker.
 * The servers themselves start with the first request for them, so a run of unit tests does not pay for them.
 */
export async function startSharedServers({ root }: { root: string }): Promise<SharedServers> {
  const hosts: Hosts = {
    databases: createDatabases({ root }),
    dataDirectories: createDataDirectories({ root }),
    system: createSystemHost({ root }),
  };
  const server = createServer((request, response) => {
    answer(hosts, request).then(
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
      await Promise.all([hosts.databases.stop(), hosts.system.stop(), hosts.dataDirectories.remove()]);
    },
  };
}

interface Hosts {
  readonly databases: Databases;
  readonly dataDirectories: DataDirectories;
  readonly system: SystemHost;
}

/** `POST /system`, `POST /data-directories/<seed>`, `POST /databases/<schema>`, `DELETE /databases/<name>`. */
async function answer(
  { databases, dataDirectories, system }: Hosts,
  { method, url = '/' }: IncomingMessage,
): Promise<object> {
  const [, kind, name = ''] = url.split('/');
  if (kind === 'system') return system.get();
  if (kind === 'data-directories') return dataDirectories.get(name as Seed);
  if (method !== 'DELETE') return databases.create(name);
  await databases.drop(name);
  return {};
}

function send(response: ServerResponse, status: number, body: object): void {
  // Each request has its own connection: a client that reuses one just as the server closes it fails.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
}
