import path from 'node:path';
import { freePort, type NatsServer, type NatsUser, startNats } from '@shop/stack';
import { temporaryDirectory } from './temporary-directory.ts';

/** The network of one server: its addresses for clients and for the other servers, and a command that runs programs there. */
export interface NatsPlace {
  readonly host: string;
  readonly routeHost: string;
  readonly runBy?: readonly string[];
}

/** One server of a cluster. It keeps its data and its ports. */
export interface NatsClusterNode {
  readonly name: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Returns when it accepts clients. The cluster may elect its leaders later. */
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface NatsCluster {
  /** The servers that were asked for. Those that are to run from the beginning are running. */
  readonly nodes: readonly NatsClusterNode[];
  /** The URLs of all servers, separated by commas, with the credentials of a user. */
  url(user?: string): string;
  stop(): Promise<void>;
}

const loopback: NatsPlace = { host: '127.0.0.1', routeHost: '127.0.0.1' };

export interface NatsClusterOptions {
  /** Default: three servers on loopback. */
  readonly places?: readonly NatsPlace[];
  /** Servers that run from the beginning. Default: all. */
  readonly running?: number;
  /** Default: none, and then every client may do everything. */
  readonly users?: readonly NatsUser[];
  /** The limit of each server's streams on disk, in bytes. Default: that of `startNats`. */
  readonly maxFileStore?: number;
}

/** Starts servers of NATS as one cluster, each with its own data. */
export async function startNatsCluster({
  places = [loopback, loopback, loopback],
  running = places.length,
  users = [],
  maxFileStore,
}: NatsClusterOptions = {}): Promise<NatsCluster> {
  const directory = await temporaryDirectory();
  const addresses: (NatsPlace & { readonly port: number; readonly routePort: number })[] = [];
  for (const place of places) addresses.push({ ...place, port: await freePort(), routePort: await freePort() });
  const routes = addresses.map(({ routeHost, routePort }) => `${routeHost}:${routePort}`);
  const nodes = addresses.map((address, index): NatsClusterNode => {
    const name = `nats-${index}`;
    let server: NatsServer | undefined;
    return {
      name,
      get pid() {
        return server?.pid;
      },
      async start() {
        const { host, port, routeHost, routePort, runBy } = address;
        server = await startNats({
          dataDir: path.join(directory.path, name),
          host,
          port,
          users,
          cluster: {
            name: 'shop',
            serverName: name,
            host: routeHost,
            port: routePort,
            routes,
            password: 'between servers',
          },
          ...(maxFileStore === undefined ? {} : { maxFileStore }),
          ...(runBy === undefined ? {} : { runBy }),
        });
        const { exited } = server;
        void exited.then(() => (server = undefined));
      },
      async kill() {
        server?.kill('SIGKILL');
        await server?.exited;
      },
      async stop() {
        server?.kill('SIGCONT'); // a frozen server would not stop
        await server?.stop();
      },
    };
  });
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
    await directory.remove();
  };
  try {
    await Promise.all(nodes.slice(0, running).map((node) => node.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const credentials = (name: string | undefined): string => {
    const user = users.find((each) => each.name === name);
    return user === undefined ? '' : `${user.name}:${encodeURIComponent(user.password)}@`;
  };
  return {
    nodes,
    url: (user) => addresses.map(({ host, port }) => `nats://${credentials(user)}${host}:${port}`).join(','),
    stop,
  };
}
