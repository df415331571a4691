import { randomUUID } from 'node:crypto';
import { createInternalTokenSigner, type InternalTokenSigner, type Logger } from '@shop/process';
import type { GatewayConfig } from '../config.ts';
import { createSubgraphClients } from '../execution/transport/create-subgraph-clients.ts';
import { findSubgraphs, type Subgraph } from '../find-subgraphs.ts';
import { requireBroker } from '../graph/require-broker.ts';
import { ServedGraphs } from '../graph/served-graphs.ts';
import { createTokenVerifier } from '../identity/create-token-verifier.ts';
import { connectAsGateway, followRevokedSessions } from '../identity/follow-revoked-sessions.ts';
import { createIdentifyCaller, type IdentifyCaller } from '../identity/identify-caller.ts';
import { createRevokedSessions, type RevokedSessions } from '../identity/revoked-sessions.ts';
import type { Supergraph } from '../supergraph/index.ts';
import type { SigningMetrics } from '../telemetry/signing-metrics.ts';
import { SigningGraph } from './signing-graph.ts';

/** The part of the gateway that decides who calls, and proves it to the subgraphs. Another gateway can use it. */
export interface Signing {
  /** Those of the supergraph that is served now. */
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
  /** The supergraph that is served. Another one may replace it. */
  readonly graphs: ServedGraphs<SigningGraph>;
  readonly identifyCaller: IdentifyCaller;
  readonly revokedSessions: RevokedSessions;
  readonly signer: InternalTokenSigner;
  /** Ends the calls in flight and leaves the broker. */
  close(): Promise<void>;
}

/**
 * Finds the subgraphs, and follows the revoked sessions if there is a broker. It needs no running subgraph.
 *
 * @param options.metrics default: nothing is measured
 * @throws ExpectedError that names the variables to set
 */
export async function openSigning(options: {
  config: Pick<
    GatewayConfig,
    | 'subgraphUrls'
    | 'natsUrl'
    | 'jwksUrl'
    | 'accessTokens'
    | 'internalTokenKey'
    | 'subgraphTimeoutMs'
    | 'subgraphWaitMs'
    | 'subgraphAnswerBytes'
  >;
  supergraph: Supergraph;
  metrics?: SigningMetrics;
  logger: Logger;
}): Promise<Signing> {
  const { config, metrics, logger } = options;
  const signer = createInternalTokenSigner({ privateJwk: config.internalTokenKey, instance: randomUUID() });
  const clients = createSubgraphClients({ config, metrics, logger });
  const graphs = new ServedGraphs<SigningGraph>(async (supergraph) => {
    const subgraphs = findSubgraphs(supergraph, config.subgraphUrls);
    const isService = (name: string): boolean => subgraphs.get(name)?.isService === true;
    requireBroker(config, isService);
    return new SigningGraph({ supergraph, subgraphs, isService, signer, ...clients.open(subgraphs.values()) });
  }, logger);
  await graphs.replace(options.supergraph);

  const revokedSessions = createRevokedSessions();
  const { natsUrl } = config;
  const broker = natsUrl === undefined ? undefined : await connectAsGateway(natsUrl, logger);
  const following = broker && (await followRevokedSessions({ broker, revokedSessions, logger }));
  const { verify: verifyAccessToken } = createTokenVerifier({
    config,
    findIssuer: () => graphs.current.findTokenIssuer(),
    ...(metrics === undefined ? {} : { lookups: metrics.tokenLookups }),
    logger,
  });

  return {
    get subgraphs() {
      return graphs.current.subgraphs;
    },
    graphs,
    identifyCaller: createIdentifyCaller({ verifyAccessToken, revokedSessions, logger }),
    revokedSessions,
    signer,
    async close() {
      await Promise.all([graphs.close(), following?.stop()]);
      await broker?.close();
    },
  };
}
