import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { serviceNames } from '@shop/contracts';
import { freePort } from '@shop/stack';
import { eventually, type TestStack } from '@shop/testing';

export interface CountingGateway {
  readonly url: string;
  /** Calls of subgraphs since the previous call of this function. */
  takeCalls(): number;
  stop(): Promise<void>;
}

/**
 * A second gateway of the same system. It reaches the subgraphs through proxies that count calls. No durations are
 * measured through it.
 */
export async function startCountingGateway({ stack }: TestStack): Promise<CountingGateway> {
  let calls = 0;
  const proxies = await Promise.all(
    serviceNames.map((name) => startProxy(stack.service(name).url, () => (calls += 1))),
  );
  const port = await freePort();
  const child = spawn(process.execPath, ['dist/gateway.js'], {
    stdio: 'ignore',
    env: {
      NODE_ENV: 'development',
      LOG_LEVEL: 'warn',
      CACHE_BYTES: '0',
      HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      NATS_URL: stack.natsUrl('gateway'),
      INTERNAL_TOKEN_KEY: JSON.stringify(stack.secrets.internalTokenKey),
      ...Object.fromEntries(serviceNames.map((name, index) => [`${name.toUpperCase()}_URL`, proxies[index]?.url])),
    },
  });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    for (const proxy of proxies) proxy.stop();
  };
  try {
    await eventually(async () => {
      if (!(await fetch(`${url}/health/ready`)).ok) throw new Error('The counting gateway is not ready.');
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const takeCalls = (): number => {
    const taken = calls;
    calls = 0;
    return taken;
  };
  return { url: `${url}/graphql`, takeCalls, stop };
}

async function startProxy(target: string, onCall: () => void): Promise<{ url: string; stop(): void }> {
  const server = http.createServer((request, response) => {
    const { method, url: path, headers } = request;
    if (method === 'POST') onCall();
    const forwarded = http.request(`${target}${path}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
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
