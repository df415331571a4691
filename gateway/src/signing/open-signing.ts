import { randomUUID } from 'node:crypto';
import { tokenIssuer } from '@shop/contracts';
import { createInternalTokenSigner, type InternalTokenSigner, type Logger } from '@shop/process';
import type { GatewayConfig } from '../config.ts';
import { createSubgraphClients } from '../execution/transport/create-subgraph-clients.ts';
import type { SubgraphClient } from '../execution/transport/subgraph-client.ts';
import { findSubgraphs, type Subgraph } from '../find-subgraphs.ts';
import { requireBroker } from '../graph/require-broker.ts';
import { createTokenVerifier } from '../identity/create-token-verifier.ts';
import { connectAsGateway, followRevokedSessions } from '../identity/follow-revoked-sessions.ts';
import { createIdentifyCaller, type IdentifyCaller } from '../identity/identify-caller.ts';
import { createRevokedSessions, type RevokedSessions } from '../identity/revoked-sessions.ts';
import type { Supergraph } from '../supergraph/index.ts';

/** The part of the gateway that decides who calls, and proves it to the subgraphs. Another gateway can use it. */
export interface Signing {
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
  /** By the name of the subgraph. */
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  readonly identifyCaller: IdentifyCaller;
  readonly revokedSessions: RevokedSessions;
  readonly signer: InternalTokenSigner;
  /** Ends the calls in flight and leaves the broker. */
  close(): Promise<void>;
}

/**
 * Finds the subgraphs, and follows the revoked sessions if there is a broker. It needs no running subgraph.
 *
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
  logger: Logger;
}): Promise<Signing> {
  const { config, supergraph, logger } = options;
  const subgraphs = findSubgraphs(supergraph, config.subgraphUrls);
  const isService = (name: string): boolean => subgraphs.get(name)?.isService === true;
  requireBroker(config, isService);

  const revokedSessions = createRevokedSessions();
  const { natsUrl } = config;
  const broker = natsUrl === undefined ? undefined : await connectAsGateway(natsUrl, logger);
  const following = broker && (await followRevokedSessions({ broker, revokedSessions, logger }));
  const { clients, close } = createSubgraphClients({ config, logger }).open(subgraphs.values());
  const { verify: verifyAccessToken } = createTokenVerifier({
    config,
    findIssuer: () => (isService(tokenIssuer) ? clients.get(tokenIssuer) : undefined),
    logger,
  });

  return {
    subgraphs,
    clients,
    identifyCaller: createIdentifyCaller({ verifyAccessToken, revokedSessions, logger }),
    revokedSessions,
    signer: createInternalTokenSigner({ privateJwk: config.internalTokenKey, instance: randomUUID() }),
    async close() {
      await Promise.all([close(), following?.stop()]);
      await broker?.close();
    },
  };
}
