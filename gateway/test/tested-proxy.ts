import { createLogger, Metrics } from '@shop/process';
import type { FollowOptions } from '../src/reload/follow-supergraph.ts';
import { openSigning, type Signing } from '../src/signing/index.ts';
import { startSigningProxy, type RunningSigningProxy } from '../src/signing-proxy/start-signing-proxy.ts';
import { readSupergraph } from '../src/supergraph/index.ts';
import { createSigningMetrics } from '../src/telemetry/signing-metrics.ts';
import { createGatewayConfig } from './gateway-config.ts';
import type { SigningKey } from './keys.ts';

export interface TestedProxy extends RunningSigningProxy {
  readonly signing: Signing;
  readonly lines: Record<string, unknown>[];
  /** Sends an operation. Default: to `/product`. */
  call(operation: string, headers?: Record<string, string>, path?: string): Promise<Response>;
  /** The value of a metric, with its labels as they are written. */
  readMetric(name: string): Promise<number | undefined>;
}

/** Starts a signing proxy without a broker. */
export async function startTestedProxy(options: {
  sdl: string;
  internalKey: SigningKey;
  subgraphUrls?: Readonly<Record<string, readonly string[]>>;
  config?: Parameters<typeof createGatewayConfig>[1];
  follow?: FollowOptions;
  isTraced?: boolean;
}): Promise<TestedProxy> {
  const { sdl, internalKey, subgraphUrls = {}, follow, isTraced = false } = options;
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    service: 'test',
    destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const required = { subgraphUrls, internalTokenKey: internalKey.privateJwk };
  const config = { ...createGatewayConfig(required, { natsUrl: undefined, ...options.config }), signingProxyPort: 0 };
  const registry = new Metrics();
  const metrics = createSigningMetrics(registry, []);
  const signing = await openSigning({ config, supergraph: readSupergraph(sdl), metrics, logger });
  const proxy = await startSigningProxy({
    config,
    signing,
    ...(follow === undefined ? {} : { follow }),
    registry,
    metrics,
    isTraced,
    logger,
  });
  return {
    ...proxy,
    signing,
    lines,
    call: (operation, headers = {}, path = '/product') =>
      fetch(`${proxy.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: operation }),
      }),
    async readMetric(name) {
      const { text } = await registry.scrape();
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length));
    },
  };
}
