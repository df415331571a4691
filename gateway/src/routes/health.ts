import {
  addHealthRoutes,
  internalToken,
  type InternalTokenSigner,
  type Logger,
  type Metrics,
  type Viewer,
} from '@shop/process';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { RedisConnection } from '../redis-connection.ts';
import { getCaller } from '../identity/authenticate.ts';
import type { RevokedSessions } from '../identity/revoked-sessions.ts';
import type { RoutedGraph } from '../graph/routed-graph.ts';
import type { ServedGraphs } from '../graph/served-graphs.ts';
import { isFine, type SubgraphState } from '../execution/transport/subgraph-state.ts';

/** By the name of the subgraph. */
type States = Readonly<Record<string, SubgraphState>>;

/** Longer than a subgraph's own checks may take. Otherwise a subgraph of which one dependency hangs would count as down. */
const timeoutMs = 3_000;

/**
 * The routes for health of the gateway, and of the signing proxy.
 *
 * `/health/live` and `/health/ready` concern the process alone: it is ready without any subgraph. `/health` is for people and
 * dashboards. It always answers 200, with the state of each subgraph, its missing dependencies, such as the broker, its overdue
 * work, clocks that differ, and its circuit breaker unless that is closed. `behind` names work of the process that is overdue. Callers
 * with the scope `ops:write` also see how much work is overdue, and which supergraph is served.
 */
export function addGatewayHealthRoutes(
  app: FastifyInstance,
  options: {
    graphs: Pick<ServedGraphs<RoutedGraph>, 'current'>;
    /** Tells why the supergraph file is not served; undefined when it is. */
    findReloadFailure: () => string | undefined;
    revokedSessions: Pick<RevokedSessions, 'isCurrent'>;
    /** Counts the streams of events that are not followed now. Default: none ever is. */
    countLaggingStreams?: () => number;
    /** Default: none is used. */
    redis?: Pick<RedisConnection, 'isUp'> | undefined;
    /** Identifies the caller, if the request has an access token. */
    authenticate: onRequestHookHandler;
    signer: InternalTokenSigner;
    metrics?: Metrics;
    logger: Logger;
  },
): void {
  // The server listens only once the supergraph is loaded.
  addHealthRoutes(app, {
    checks: { supergraph: async () => undefined },
    overdue: countOverdue,
    logger: options.logger,
    ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
  });
  const { graphs } = options;
  let running: Promise<States> | undefined;

  function countOverdue(): Readonly<Record<string, number>> {
    const lagging = options.countLaggingStreams?.() ?? 0;
    return {
      ...(lagging === 0 ? {} : { 'streams of events': lagging }),
      ...(options.revokedSessions.isCurrent() ? {} : { 'revoked sessions': 1 }),
      ...(options.findReloadFailure() === undefined ? {} : { 'a new supergraph': 1 }),
    };
  }

  function describeSupergraph(): Readonly<Record<string, unknown>> {
    const { supergraph, loadedAt } = graphs.current;
    const refused = options.findReloadFailure();
    return { hash: supergraph.hash, loadedAt, ...(refused === undefined ? {} : { refused }) };
  }

  /** @param operator somebody who may see the details */
  async function readStates(operator?: Viewer): Promise<States> {
    const states = [...graphs.current.clients.values()].map(async (client) => {
      const headers =
        operator === undefined ? {} : { [internalToken.header]: await options.signer.sign(operator, client.name) };
      return [client.name, await client.readState(timeoutMs, headers)] as const;
    });
    return Object.fromEntries(await Promise.all(states));
  }

  function readPublicStates(): Promise<States> {
    running ??= readStates().finally(() => (running = undefined));
    return running;
  }

  options.metrics?.collect({
    name: 'subgraphs',
    gauges: {
      shop_gateway_subgraph_up: {
        help: 'Whether an instance of a subgraph is ready, as /health says',
        labels: ['subgraph'],
      },
      shop_gateway_subgraph_fine: {
        help: 'Whether nothing of a subgraph needs attention, as /health says',
        labels: ['subgraph'],
      },
    },
    read: async () => {
      const states = Object.entries(await readPublicStates());
      return {
        shop_gateway_subgraph_up: states.map(([subgraph, { status }]) => ({
          labels: { subgraph },
          value: status === 'up' ? 1 : 0,
        })),
        shop_gateway_subgraph_fine: states.map(([subgraph, state]) => ({
          labels: { subgraph },
          value: isFine(state) ? 1 : 0,
        })),
      };
    },
  });
  app.get('/health', { onRequest: options.authenticate }, async (request) => {
    const { viewer } = getCaller(request);
    const isOperator = viewer.scopes.has('ops:write');
    const subgraphs = await (isOperator ? readStates(viewer) : readPublicStates());
    const behind = Object.keys(countOverdue());
    const away = options.redis?.isUp() === false ? ['redis'] : [];
    return {
      status: Object.values(subgraphs).every(isFine) && behind.length === 0 && away.length === 0 ? 'ok' : 'degraded',
      subgraphs,
      ...(isOperator ? { supergraph: describeSupergraph() } : {}),
      ...(away.length === 0 ? {} : { away }),
      ...(behind.length === 0 ? {} : { behind }),
    };
  });
}
