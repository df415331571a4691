import {
  createHttpServer,
  errorBody,
  errorCodes,
  listen,
  type Logger,
  measureRequests,
  type Metrics,
  serverLimits,
  traceRequests,
} from '@shop/process';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { readConfig } from '../config.ts';
import { SubgraphCallError } from '../execution/transport/answer-reader.ts';
import { isTokenRefusal } from '../execution/transport/read-answer.ts';
import { authenticate } from '../identity/authenticate.ts';
import { followSupergraph, type FollowOptions } from '../reload/follow-supergraph.ts';
import { addGatewayHealthRoutes } from '../routes/health.ts';
import type { Signing } from '../signing/open-signing.ts';
import { findRecord } from '../telemetry/request-record.ts';
import { addSigningGauges } from '../telemetry/signing-gauges.ts';
import type { SigningMetrics } from '../telemetry/signing-metrics.ts';
import { createCallSubgraph } from './call-subgraph.ts';

export interface SigningProxyOptions {
  readonly config: Pick<
    ReturnType<typeof readConfig>,
    'signingProxyPort' | 'shutdownDelayMs' | 'connections' | 'trustedProxies'
  >;
  readonly signing: Signing;
  /** The file of the supergraph. Default: the proxy serves the same one until it stops. */
  readonly follow?: FollowOptions;
  /** The metrics of the process. */
  readonly registry: Metrics;
  /** The counts and times that `signing` takes too. */
  readonly metrics: SigningMetrics;
  /** True when requests have spans. Default: false. */
  readonly isTraced?: boolean;
  readonly logger: Logger;
}

export interface RunningSigningProxy {
  /** Base URL without a slash at its end. Each subgraph is at `/NAME`. */
  readonly url: string;
  /** Loads the file of the supergraph again, if it has one. Never rejects: a file that cannot be served is logged. */
  reload(): Promise<void>;
  /** Finishes the requests in flight, then closes. */
  close(): Promise<void>;
}

/**
 * Starts the proxy by which a gateway that can only forward headers calls the subgraphs. It takes a call at `/NAME` with the client's
 * `authorization` header, and sends it on with an internal token for that viewer. It listens on loopback only: whoever reaches it may
 * call `_entities` and `_service` as an anonymous viewer, which no client may.
 */
export async function startSigningProxy(options: SigningProxyOptions): Promise<RunningSigningProxy> {
  const { config, signing, registry, metrics, logger } = options;
  const { graphs, revokedSessions } = signing;
  const app = createHttpServer({
    logger,
    bodyLimit: serverLimits.maxCallBytes,
    shutdownDelay: config.shutdownDelayMs,
    ...config.connections,
    ...(config.trustedProxies === undefined ? {} : { trustedProxies: config.trustedProxies }),
  });
  measureRequests(app, registry);
  const follower =
    options.follow && followSupergraph({ ...options.follow, graphs, reloads: metrics.supergraphReloads, logger });
  addGatewayHealthRoutes(app, {
    graphs,
    findReloadFailure: () => follower?.failure,
    revokedSessions,
    authenticate: authenticate(signing.identifyCaller),
    signer: signing.signer,
    metrics: registry,
    logger,
  });
  addSigningGauges(registry, { graphs, revokedSessions });
  await app.register(async (scope) => addCallRoute(scope, options));
  const url = await listen(app, { host: '127.0.0.1', port: config.signingProxyPort, variable: 'SIGNING_PROXY_PORT' });
  return {
    url,
    reload: () => follower?.reload() ?? Promise.resolve(),
    async close() {
      await Promise.all([follower?.stop(), app.close()]);
    },
  };
}

function addCallRoute(scope: FastifyInstance, options: SigningProxyOptions): void {
  const { config, signing, metrics, isTraced = false, logger } = options;
  const { graphs } = signing;
  const callSubgraph = createCallSubgraph({ hasTrustedProxies: config.trustedProxies !== undefined, metrics });

  // The body is sent on as it came. The subgraph parses and checks it. Of other types, a page in a browser may send some to loopback.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  scope.addHook('onResponse', (request, _reply, done) => {
    const { rejection } = findRecord(request);
    if (rejection !== undefined) metrics.rejections.inc({ reason: rejection });
    done();
  });

  scope.route<{ Params: { name: string }; Body: string | undefined }>({
    method: 'POST',
    url: '/:name',
    onRequest: [
      ...(isTraced ? [traceRequests(scope)] : []),
      async (request, reply) => {
        const { name } = request.params as { name: string };
        if (graphs.current.findSubgraph(name) === undefined) return refuseUnknown(reply);
      },
      authenticate(signing.identifyCaller),
    ],
    async handler(request, reply) {
      const { name } = request.params;
      const graph = graphs.enter();
      try {
        const subgraph = graph.findSubgraph(name);
        // It was removed while the body arrived.
        if (subgraph === undefined) return refuseUnknown(reply);
        const { status, contentType, text } = await callSubgraph(request, subgraph, graph.supergraph);
        if (isTokenRefusal(status)) return fail(request, reply, name, 'refused the internal token');
        return await reply.code(status).header('content-type', contentType).send(text);
      } catch (error) {
        if (!(error instanceof SubgraphCallError)) throw error;
        return fail(request, reply, name, `${error.reason}: ${error.message}`);
      } finally {
        graph.leave();
      }
    },
  });

  function fail(request: FastifyRequest, reply: FastifyReply, subgraph: string, failure: string): FastifyReply {
    logger.error({ subgraph, failure, requestId: request.id }, `a call to ${subgraph} failed: ${failure}`);
    const message = `The ${subgraph} service is unavailable.`;
    return reply.code(errorCodes.SERVICE_UNAVAILABLE.status).send(errorBody('SERVICE_UNAVAILABLE', message));
  }
}

const refuseUnknown = (reply: FastifyReply): FastifyReply =>
  reply.code(404).send(errorBody('NOT_FOUND', 'There is no such subgraph.'));
