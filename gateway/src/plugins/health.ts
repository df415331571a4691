import { addHealthRoutes, type Logger } from '@shop/process';
import type { FastifyInstance } from 'fastify';
import type { SubgraphClient, SubgraphState } from '../subgraphs/subgraph-client.ts';

/** Well under the interval at which anybody asks. */
const timeoutMs = 1_000;

/**
 * `/health/live` and `/health/ready` speak of the gateway alone: it is ready without any subgraph. `/health` is for people
 * and dashboards: 200 with the state of each subgraph, and what it waits for, such as the broker.
 */
export function addGatewayHealthRoutes(
  app: FastifyInstance,
  options: { clients: Iterable<SubgraphClient>; logger: Logger },
): void {
  // The server listens only once the supergraph is loaded.
  addHealthRoutes(app, { checks: { supergraph: async () => undefined }, logger: options.logger });
  const clients = [...options.clients];
  let running: Promise<Record<string, SubgraphState>> | undefined;

  async function ask(): Promise<Record<string, SubgraphState>> {
    const states = await Promise.all(
      clients.map(async (client) => [client.name, await client.state(timeoutMs)] as const),
    );
    return Object.fromEntries(states);
  }

  app.get('/health', async () => {
    running ??= ask().finally(() => (running = undefined));
    const subgraphs = await running;
    const isWhole = Object.values(subgraphs).every(({ status, away }) => status === 'up' && away === undefined);
    return { status: isWhole ? 'ok' : 'degraded', subgraphs };
  });
}
