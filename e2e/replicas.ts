import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { nameVariables, serviceNames, type ServiceName } from '@shop/contracts';
import { freePort, type Stack } from '@shop/stack';
import { eventually } from '@shop/testing';

/** A further process of a running system, which the stack does not supervise. */
export interface Replica {
  readonly url: string;
  readonly port: number;
  /** Ends it with SIGTERM, and starts it again. */
  restart(): Promise<void>;
  /** Ends it with SIGTERM. */
  stop(): Promise<void>;
}

/** Starts a second replica of a subgraph. */
export function startSubgraphReplica(stack: Stack, name: ServiceName): Promise<Replica> {
  const { d: _private, ...publicKey } = stack.secrets.internalTokenKey;
  return startReplica(name, nameVariables(name).port, {
    [nameVariables(name).databaseUrl]: stack.databaseUrl(name),
    NATS_URL: stack.natsUrl(name),
    INTERNAL_TOKEN_JWKS: JSON.stringify({ keys: [publicKey] }),
  });
}

/** Starts a second gateway. It calls the stack's subgraphs, except for those in `urls`. */
export function startGatewayReplica(
  stack: Stack,
  urls: Partial<Record<ServiceName, string>>,
  env: NodeJS.ProcessEnv = {},
): Promise<Replica> {
  const variables = serviceNames.map((name) => [nameVariables(name).url, urls[name] ?? stack.service(name).url]);
  return startReplica('gateway', 'GATEWAY_PORT', {
    ...(Object.fromEntries(variables) as NodeJS.ProcessEnv),
    INTERNAL_TOKEN_KEY: JSON.stringify(stack.secrets.internalTokenKey),
    ...env,
  });
}

async function startReplica(program: string, portVariable: string, env: NodeJS.ProcessEnv): Promise<Replica> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess;

  async function start(): Promise<void> {
    child = spawn(process.execPath, [`dist/${program}.js`], {
      env: { LOG_LEVEL: 'fatal', [portVariable]: String(port), ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200), { timeoutMs: 60_000 });
  }

  async function stop(): Promise<void> {
    if (child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  }

  await start();
  const restart = async (): Promise<void> => {
    await stop();
    await start();
  };
  return { url, port, restart, stop };
}

/** Forwards each connection to one of the ports that accepts it, in turn, as a Service of Kubernetes does. */
export async function startForwarder(ports: readonly number[]): Promise<{ url: string; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  let turn = 0;

  const server = createServer(async (client) => {
    keep(client);
    turn += 1;
    const upstream = await connectFirst(ports.map((_, place) => ports[(turn + place) % ports.length] ?? 0));
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
