import { findMetricsPort, nameVariables, serviceNames } from '@shop/contracts';
import { freePort } from '@shop/stack';
import type { SharedSystem } from '@shop/testing';
import { startProgram } from '../../bench/gateway/start-program.ts';

export interface RunningGateway {
  /** The GraphQL endpoint. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface RunningProxy extends RunningGateway {
  readonly metricsUrl: string;
  readonly pid: number;
}

/** The variables of our own gateway: keys, broker and URLs. */
export const createGatewayEnv = (system: SharedSystem): NodeJS.ProcessEnv => ({
  INTERNAL_TOKEN_KEY: JSON.stringify(system.internalTokenKey),
  NATS_URL: system.gatewayNatsUrl,
  SUBGRAPH_TIMEOUT_MS: '60000',
  ...Object.fromEntries(serviceNames.map((name) => [nameVariables(name).url, system.urls[name]])),
});

/** Starts a program of the build in the project's root, and waits until the path answers an operation. */
export async function startOnPort(
  label: string,
  {
    command,
    portVariable,
    path,
    env,
  }: { command: string[]; portVariable: string; path: string; env: NodeJS.ProcessEnv },
): Promise<RunningGateway & { readonly pid: number }> {
  const port = await freePort();
  return startProgram({
    label,
    command: [process.execPath, ...command],
    directory: process.cwd(),
    url: `http://127.0.0.1:${port}${path}`,
    env: { ...env, [portVariable]: String(port) },
  });
}

/** Starts the proxy. Its URL is that of the user subgraph. */
export async function startProxy(env: NodeJS.ProcessEnv): Promise<RunningProxy> {
  const metricsPort = await freePort();
  // The process adds its place to the port of the metrics that it is given.
  const base = metricsPort - (findMetricsPort(1, 'signing-proxy') - 1);
  const running = await startOnPort('signing-proxy', {
    command: ['dist/signing-proxy.js'],
    portVariable: 'SIGNING_PROXY_PORT',
    path: '/user',
    env: { ...env, METRICS_PORT: String(base) },
  });
  return { ...running, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics` };
}
