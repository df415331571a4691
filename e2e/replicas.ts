import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { mapServices } from '@shop/contracts';
import { freePort, type ProcessName, processNames, type StackOptions } from '@shop/stack';
import { openShop, type Shop } from './shop.ts';

/** A shop with several replicas of each subgraph and of the gateway. */
export interface ReplicatedShop extends Shop {
  /** The GraphQL endpoint that leads to any gateway. */
  readonly graphqlUrl: string;
}

/**
 * Starts the system with this many replicas of each subgraph and of the gateway. Forwarders spread the connections of
 * gateways over the subgraphs, and those of clients over the gateways.
 */
export async function openReplicatedShop(
  replicas: number,
  options: Partial<StackOptions> = {},
): Promise<ReplicatedShop> {
  if (replicas === 1) {
    const shop = await openShop(options);
    return { ...shop, graphqlUrl: shop.stack.graphqlUrl };
  }
  const services = await Promise.all(processNames.map((name) => chooseService(name, replicas)));
  const find = (wanted: ProcessName) => services.find(({ name }) => name === wanted) as Service;
  const stops = services.map(({ forwarder }) => forwarder.stop);
  const stop = async (): Promise<void> => {
    for (const each of stops) await each();
  };
  try {
    const shop = await openShop({
      ...options,
      ports: Object.fromEntries(services.map(({ name, ports }) => [name, ports[0]])),
      subgraphUrls: mapServices((name) => find(name).forwarder.url),
    });
    stops.unshift(shop.stop);
    const further = services.flatMap(({ name, ports }) => ports.slice(1).map((port) => ({ name, port })));
    await Promise.all(further.map(({ name, port }) => shop.stack.startReplica(name, { port })));
    return { ...shop, graphqlUrl: `${find('gateway').forwarder.url}/graphql`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Service {
  readonly name: ProcessName;
  readonly ports: readonly number[];
  readonly forwarder: Forwarder;
}

async function chooseService(name: ProcessName, replicas: number): Promise<Service> {
  const ports = await Promise.all(Array.from({ length: replicas }, freePort));
  return { name, ports, forwarder: await startForwarder(ports) };
}

export interface Forwarder {
  readonly url: string;
  stop(): Promise<void>;
}

/** How often a forwarder asks for the health of its ports, in milliseconds. */
const PROBE_MS = 200;

/**
 * Forwards each connection to one of the ports that accepts it, in turn, as a Service of Kubernetes does.
 *
 * @param options.checkHealth prefers the ports whose `/health/ready` answers 200, as a load balancer does. Default: false.
 */
export async function startForwarder(
  ports: readonly number[],
  { checkHealth = false }: { readonly checkHealth?: boolean } = {},
): Promise<Forwarder> {
  const sockets = new Set<Socket>();
  const unready = new Set<number>();
  const probes = (checkHealth ? ports : []).map((port) =>
    setInterval(async () => {
      const isReady = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (isReady) unready.delete(port);
      else unready.add(port);
    }, PROBE_MS),
  );
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  let turn = 0;

  const server = createServer(async (client) => {
    keep(client);
    turn += 1;
    const inTurn = ports.map((_, place) => ports[(turn + place) % ports.length] ?? 0);
    const upstream = await connectFirst([
      ...inTurn.filter((port) => !unready.has(port)),
      ...inTurn.filter((port) => unready.has(port)),
    ]);
    if (upstream === undefined) return void client.resetAndDestroy();
    keep(upstream).once('close', () => client.destroy());
    client.once('close', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const probe of probes) clearInterval(probe);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function connectFirst(ports: readonly number[]): Promise<Socket | undefined> {
  for (const port of ports) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      socket.destroy();
    }
  }
  return undefined;
}
