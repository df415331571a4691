import {
  addHealthRoutes,
  createHttpServer,
  errorBody,
  errorCodes,
  listen,
  type Logger,
  serverLimits,
} from '@shop/process';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Kind, parse } from 'graphql';
import type { readConfig } from '../config.ts';
import { findContext } from '../context.ts';
import { SubgraphCallError } from '../execution/transport/answer-reader.ts';
import { isRepeatable } from '../execution/transport/is-repeatable.ts';
import { SignedCalls } from '../execution/transport/signed-calls.ts';
import { createHeaders } from '../execution/transport/subgraph-caller.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { Signing } from '../signing/open-signing.ts';
import type { Supergraph } from '../supergraph/index.ts';

export interface SigningProxyOptions {
  readonly config: Pick<
    ReturnType<typeof readConfig>,
    'signingProxyPort' | 'shutdownDelayMs' | 'connections' | 'trustedProxies'
  >;
  readonly supergraph: Supergraph;
  readonly signing: Signing;
  readonly logger: Logger;
}

export interface RunningSigningProxy {
  /** Base URL without a slash at its end. Each subgraph is at `/NAME`. */
  readonly url: string;
  /** Finishes the requests in flight, then closes. */
  close(): Promise<void>;
}

/**
 * Starts the proxy by which a gateway that can only forward headers calls the subgraphs. It takes a call at `/NAME` with the client's
 * `authorization` header, and sends it on with an internal token for that viewer. It listens on loopback only: whoever reaches it may
 * call `_entities` and `_service` as an anonymous viewer, which no client may.
 */
export async function startSigningProxy(options: SigningProxyOptions): Promise<RunningSigningProxy> {
  const { config, signing, logger } = options;
  const { revokedSessions } = signing;
  const app = createHttpServer({
    logger,
    bodyLimit: serverLimits.maxCallBytes,
    shutdownDelay: config.shutdownDelayMs,
    ...config.connections,
    ...(config.trustedProxies === undefined ? {} : { trustedProxies: config.trustedProxies }),
  });
  addHealthRoutes(app, {
    checks: {},
    overdue: () => (revokedSessions.isCurrent() ? {} : { 'revoked sessions': 1 }),
    logger,
  });
  await app.register(async (scope) => addCallRoute(scope, options));
  const url = await listen(app, { host: '127.0.0.1', port: config.signingProxyPort, variable: 'SIGNING_PROXY_PORT' });
  return { url, close: () => app.close() };
}

function addCallRoute(scope: FastifyInstance, { config, supergraph, signing, logger }: SigningProxyOptions): void {
  const { clients, signer } = signing;
  const calls = new Map([...clients].map(([name, client]) => [name, new SignedCalls({ client, signer })]));

  // The body is sent on as it came. The subgraph parses and checks it. Of other types, a page in a browser may send some to loopback.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );

  scope.route<{ Params: { name: string }; Body: string | undefined }>({
    method: 'POST',
    url: '/:name',
    onRequest: [
      async (request, reply) => {
        const { name } = request.params as { name: string };
        if (!calls.has(name)) return reply.code(404).send(errorBody('NOT_FOUND', 'There is no such subgraph.'));
      },
      authenticate(signing.identifyCaller),
    ],
    async handler(request, reply) {
      const { name } = request.params;
      const { body = '' } = request;
      try {
        const answer = await (calls.get(name) as SignedCalls).post({
          viewer: findContext(request).viewer,
          body,
          headers: createCallHeaders(request, config.trustedProxies !== undefined),
          isRepeatable: () => isRepeatableBody(body, supergraph),
        });
        const { status, contentType, text } = answer;
        if (status === 401 || status === 403) return fail(request, reply, name, 'refused the internal token');
        return await reply.code(status).header('content-type', contentType).send(text);
      } catch (error) {
        if (!(error instanceof SubgraphCallError)) throw error;
        return fail(request, reply, name, `${error.reason}: ${error.message}`);
      }
    },
  });

  function fail(request: FastifyRequest, reply: FastifyReply, subgraph: string, failure: string): FastifyReply {
    logger.error({ subgraph, failure, requestId: request.id }, `a call to ${subgraph} failed: ${failure}`);
    const message = `The ${subgraph} service is unavailable.`;
    return reply.code(errorCodes.SERVICE_UNAVAILABLE.status).send(errorBody('SERVICE_UNAVAILABLE', message));
  }
}

/**
 * The headers of a call as our own gateway sends them. The gateway's own address is no client's. So the client's is known only when a
 * trusted proxy reports it (`X-Forwarded-For`).
 */
function createCallHeaders(request: FastifyRequest, hasTrustedProxies: boolean): Record<string, string> {
  const context = findContext(request);
  const { traceparent } = request.headers;
  return {
    ...createHeaders({ ...context, ip: hasTrustedProxies ? context.ip : null }),
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
  };
}

/** Tells whether the subgraph may execute the operation of a body twice. Only a body with a single operation is. */
function isRepeatableBody(body: string, supergraph: Supergraph): boolean {
  try {
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> | null };
    const document = parse(query);
    const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    return operations.length === 1 && isRepeatable({ document, variables: variables ?? {} }, supergraph);
  } catch {
    return false;
  }
}
