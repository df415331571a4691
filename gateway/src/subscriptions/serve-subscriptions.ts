import type { ErrorMasking } from '@shop/graphql';
import type { Logger, Metrics } from '@shop/process';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config.ts';
import type { LoopTurns } from '../edge/loop-turns.ts';
import type { LoadShedding } from '../edge/shed-load.ts';
import type { ServedGraphs } from '../graph/served-graphs.ts';
import type { IdentifyCaller } from '../identity/identify-caller.ts';
import type { ReportOperation } from '../telemetry/report-requests.ts';
import { createAnswerSubscription, type AnswerSubscription } from './answer-subscription.ts';
import { OpenSubscriptions } from './open-subscriptions.ts';
import { acceptSockets, type Sockets } from './websocket/accept-sockets.ts';
import { createSocketServer } from './websocket/serve-socket.ts';

/**
 * Serves subscriptions over all transports. When the server closes, they are ended as soon as it accepts no more requests: clients then
 * connect again, to another replica.
 */
export function serveSubscriptions(
  app: FastifyInstance,
  options: {
    readonly config: Pick<GatewayConfig, 'subscriptions' | 'streamPingMs' | 'connections' | 'browsers'>;
    readonly graphs: Pick<ServedGraphs, 'enter'>;
    readonly identifyCaller: IdentifyCaller;
    readonly turns: LoopTurns;
    readonly shedding: LoadShedding;
    readonly report: ReportOperation;
    readonly masking: ErrorMasking;
    /** True when operations have spans. */
    readonly isTraced: boolean;
    readonly metrics: Metrics;
    readonly logger: Logger;
  },
): { readonly answerSubscription: AnswerSubscription; readonly sockets: Sockets } {
  const { config, metrics, masking, logger } = options;
  const stallMs = config.connections.stallTimeout;
  const pingMs = config.streamPingMs;
  const open = new OpenSubscriptions(config.subscriptions, metrics);
  const answerSubscription = createAnswerSubscription({ open, masking, stallMs, pingMs, logger });
  const sockets = acceptSockets(app, {
    corsOrigins: config.browsers.corsOrigins,
    serve: createSocketServer({
      ...options,
      open,
      maxOperations: config.subscriptions.perConnection,
      stallMs,
      pingMs,
    }),
    logger,
  });
  metrics.gauge({
    name: 'shop_gateway_subscriptions_sockets',
    help: 'WebSockets that are open',
    read: () => sockets.size,
  });
  // Later than the hook of the server itself, which waits until load balancers have noticed.
  app.addHook('preClose', async () => {
    open.close();
    sockets.close();
  });
  return { answerSubscription, sockets };
}
