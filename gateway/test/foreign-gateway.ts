import { createLogger, Metrics } from '@shop/process';
import {
  createRevokedSessions,
  readSupergraph,
  startGateway,
  type GatewayConfig,
  type RunningGateway,
} from '../src/index.ts';
import type { FollowOptions } from '../src/reload/follow-supergraph.ts';
import { createGatewayConfig } from './gateway-config.ts';
import { createSigningKey } from './keys.ts';

export interface ForeignGateway extends RunningGateway {
  readonly lines: Record<string, unknown>[];
  /** The value of a metric, with its labels as they are written. */
  readMetric(name: string): Promise<number | undefined>;
}

/** Starts a gateway without a broker, for a supergraph that is not the shop's. */
export async function startForeignGateway(
  sdl: string,
  options: { config?: Partial<GatewayConfig>; follow?: FollowOptions } = {},
): Promise<ForeignGateway> {
  const { privateJwk } = await createSigningKey('internal-1');
  const lines: Record<string, unknown>[] = [];
  const metrics = new Metrics();
  const gateway = await startGateway({
    supergraph: readSupergraph(sdl),
    ...(options.follow === undefined ? {} : { follow: options.follow }),
    config: createGatewayConfig({ internalTokenKey: privateJwk }, { natsUrl: undefined, ...options.config }),
    logger: createLogger({
      service: 'test',
      destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    }),
    revokedSessions: createRevokedSessions(),
    metrics,
  });
  return {
    ...gateway,
    lines,
    async readMetric(name) {
      const { text } = await metrics.scrape();
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length));
    },
  };
}
