import { addHealthRoutes, type Logger } from '@shop/process';
import type { FastifyInstance } from 'fastify';
import type { SubgraphClient, SubgraphState } from '../execution/transport/subgraph-client.ts';

/** Well below the interval of probes. */
const timeoutMs = 1_000;

/**
 * `/health/live` and `/health/ready` concern the gateway alone: it is ready without any subgraph. `/health` is for people and
 * dashboards. It always answers 200, with the state of each subgraph, its missing dependencies, such as the broker, its overdue
 * work, and clocks that differ.
 */
export function addGatewayHealthRoutes(
  app: FastifyInstance,
  options: { clients: Iterable<SubgraphClient>; logger: Logger },
): void {
  // The server listens only once the supergraph is loaded.
  addHealthRoutes(app, { checks: { supergraph: async () => undefined }, logger: options.logger });
  const clients = [...options.clients];
  let running: Promise<Record<string, SubgraphState>> | undefined;

  async function readStates(): Promise<Record<string, SubgraphState>> {
    const states = await Promise.all(
      clients.map(async (client) => [client.name, await client.readState(timeoutMs)] as const),
    );
    return Object.fromEntries(states);
  }

  app.get('/health', async () => {
    running ??= readStates().finally(() => (running = undefined));
    const subgraphs = await running;
    const isOk = Object.values(subgraphs).every(
      ({ status, away, behind, clockDifferenceMs }) =>
        status === 'up' && away === undefined && behind === undefined && clockDifferenceMs === undefined,
    );
    return { status: isOk ? 'ok' : 'degraded', subgraphs };
  });
}
