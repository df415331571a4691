import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { serviceNames, type ServiceName } from '@shop/contracts';
import { freePort } from '@shop/stack';
import { eventually } from '@shop/testing';

export interface MeasuredGateway {
  readonly label: string;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A subgraph that has one answer. Only gateways are measured, and the less they wait, the more their own time counts. */
export async function startSubgraph(answer: string): Promise<{ url: string; stop(): void }> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Starts a gateway in production mode. It has no broker, which no query needs.
 *
 * @param options.subgraphUrls base URLs by the names of the subgraphs
 * @param options.env further variables, which win
 * @param options.pin the beginning of a command that runs the gateway; empty by default
 * @param options.directory the working directory, which has `gateway/supergraph.graphql`; the checkout by default
 */
export async function startGateway(options: {
  label: string;
  subgraphUrls: Readonly<Partial<Record<ServiceName, string>>>;
  env: Readonly<Record<string, string>>;
  pin?: readonly string[];
  directory?: string;
}): Promise<MeasuredGateway> {
  const { label, subgraphUrls, env, pin = [], directory = process.cwd() } = options;
  const port = await freePort();
  const { privateKey } = generateKeyPairSync('ed25519');
  const [program = '', ...args] = [...pin, process.execPath, path.resolve('dist/gateway.js')];
  const child = spawn(program, args, {
    cwd: directory,
    // A gateway that does not start says why.
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      LOG_LEVEL: 'error',
      HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      METRICS_PORT: '0',
      RATE_LIMIT_POINTS: '0',
      SHED_ABOVE_MS: '600000',
      SUBGRAPH_TIMEOUT_MS: '60000',
      NATS_URL: 'nats://nobody:none@127.0.0.1:1',
      INTERNAL_TOKEN_KEY: JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'bench' }),
      ...Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_URL`, subgraphUrls[name]])),
      ...env,
    },
  });
  const exited = once(child, 'exit');
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await eventually(
      async () => {
        if (!hasExited && !(await fetch(`${url}/health/live`)).ok) throw new Error('The gateway does not answer.');
      },
      { timeoutMs: 60_000 },
    );
    if (hasExited) throw new Error(`The gateway "${label}" did not start.`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { label, url: `${url}/graphql`, pid: child.pid ?? 0, stop };
}
